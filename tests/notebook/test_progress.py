"""What `grader.check_all` shows."""

from autograder.notebook.feedback import Feedback, Verdict
from autograder.notebook.progress import Progress, Row


def row(title, *passed, message="is wrong.", points=0.5, later=1.5):
    verdicts = [Verdict("A check.", "" if each else message) for each in passed]
    earned = points * sum(passed)
    feedback = Feedback(title, verdicts, "", 1, earned)
    return Row(feedback, points * len(passed), points * len(passed) + later)


ROWS = [
    row("mse", True, True),
    row("mae", True, False),
    row("huber", False, False, message="still to do: your code here: huber."),
    row("hinge"),
]


def test_each_exercise_has_its_state_and_its_points():
    shown = [(each.title, each.state, each.sign, each.earned, each.public) for each in ROWS]
    assert shown == [
        ("mse", "done", "✓", "1", "1"),
        ("mae", "1 of 2", "✗", "0.5", "1"),
        ("huber", "still to do", "○", "0", "1"),
        ("hinge", "no checks", "○", "0", "0"),
    ]
    assert {each.later for each in ROWS} == {"1.5"}


def test_the_sentences_add_up():
    text = repr(Progress("How far you are", ROWS, [3.0, 1.5]))
    assert text.splitlines()[0] == "How far you are"
    assert text.splitlines()[-3:] == [
        "1 of 4 exercises done: 1.5 of 3 points that you can check here.",
        "6 more depend on checks that run when the notebook is graded.",
        "2 written questions, 4.5 points, graded by hand.",
    ]


def test_without_hidden_checks_or_written_questions_nothing_is_said_of_them():
    text = repr(Progress("Now", [row("mse", True, later=0.0)]))
    assert "graded" not in text


def test_the_table_has_a_caption_and_headers_for_rows_and_columns():
    page = Progress("How far you are", [row("<b>mse</b>", True)])._repr_html_()
    assert "<caption>How far you are</caption>" in page
    assert page.count('scope="col"') == 4
    assert '<th scope="row">&lt;b&gt;mse&lt;/b&gt;</th>' in page
