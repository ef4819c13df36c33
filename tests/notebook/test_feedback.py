"""What `grader.check` shows, as text and as HTML."""

import sys
from html.parser import HTMLParser

import numpy as np
import pytest

from autograder.notebook.evidence import Note, Notes
from autograder.notebook.feedback import Feedback, verdict
from autograder.numerics.compare import Observed, judge

ABOUT = {"name": "gradient", "title": "The gradient is that of the mean.", "picture": None}
RIGHT = np.array([[1.0, 2.0], [3.0, 4.0]])


def noted(got):
    expected, outcome = Observed({"dx": RIGHT}), Observed({"dx": got})
    scales = (np.zeros(RIGHT.shape),)
    finding = judge("tolerance", "", expected, scales, 1e-6, outcome)
    return {"gradient": Notes(1e-6, [Note({}, expected, scales, outcome, finding)])}


def feedback(message="dx[1, 1] is 8, expected 4.", hint="A sum or a mean?", hidden=2):
    verdicts = [verdict({**ABOUT, "name": "shape", "title": "One entry each."}, "", {})]
    verdicts += [verdict(ABOUT, message, noted(2 * RIGHT))]
    return Feedback("mse", verdicts, hint, hidden, 0.5)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


def test_the_text_has_a_line_for_each_check_and_the_hint_as_a_question():
    assert repr(feedback()).splitlines() == [
        "mse: 1 of 2 checks passed",
        "  ✓ One entry each.",
        "  ✗ The gradient is that of the mean.",
        "      dx[1, 1] is 8, expected 4.",
        "  Ask yourself: A sum or a mean?",
        "  2 more checks look at it when your notebook is graded.",
    ]


def test_the_page_says_the_same_and_draws_the_error():
    page = feedback()._repr_html_()
    tags = Tags(page).tags
    for words in ("1 of 2 checks passed", "dx[1, 1] is 8", "A sum or a mean?", "yours minus"):
        assert words in page
    assert tags.count("li") == 2
    assert tags.count("svg") == tags.count("figure") == 1
    assert 'aria-label="failed:"' in page


def test_nothing_that_a_student_wrote_is_markup():
    page = feedback('raised ValueError: <script>alert("x")</script><img src=x onerror=y>.')
    assert not {"script", "img"} & set(Tags(page._repr_html_()).tags)
    assert "&lt;script&gt;" in page._repr_html_()


def test_nothing_that_a_student_wrote_steers_a_terminal():
    text = repr(feedback("raised ValueError: \x1b[2J\x07\u202eno\ud800."))
    assert text.encode("utf-8")
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_a_message_without_end_is_cut():
    assert len(repr(feedback("raised ValueError: " + "x" * 100_000))) < 2000


def test_without_matplotlib_there_is_no_picture_and_all_the_rest(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    page = feedback()._repr_html_()
    assert "svg" not in Tags(page).tags
    assert "dx[1, 1] is 8" in page


@pytest.mark.parametrize("got", [RIGHT[0], "no", None, np.full((2, 2), "x"), RIGHT * np.nan])
def test_whatever_came_back_can_be_shown(got):
    shown = Feedback("mse", [verdict(ABOUT, "is wrong.", noted(got))], "", 0, 0.0)
    assert "is wrong." in shown._repr_html_()
    assert "is wrong." in repr(shown)


def test_the_head_tells_what_is_done_and_what_is_not_begun():
    passed = Feedback("mse", [verdict(ABOUT, "", {})], "", 1, 1.0)
    assert repr(passed).splitlines()[0] == "mse: every check passed"
    assert "1 more check looks at it" in repr(passed)
    hole = verdict(ABOUT, "still to do: your code here: mse.", {})
    todo = Feedback("mse", [hole, hole], "", 1, 0.0)
    assert repr(todo).splitlines()[0] == "mse: still to do"
