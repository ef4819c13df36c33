import json

from autograder.authoring.laws import Examiner
from autograder.authoring.trials import Trials
from autograder.packaging.validation import Validation
from autograder.reporting.validity import write_validity


def test_the_report_says_what_each_check_catches(tiny, tmp_path):
    course = tiny.load()
    report = Examiner(course, course.assignments["a01_tiny"], "secret").report()
    page, data = write_validity(tmp_path, [Validation(report, Trials(300), 1.0)])
    text = page.read_text()
    assert "| a01_tiny | 2 | 3 | 2 | 2 | 2 | 0 | 0 | 0 | 2 | 300 | 0 |" in text
    assert "300 right answers graded, 0 failed; at most 1.0e-02 of right answers fail" in text
    assert "| `sum` | `mean_of_entries`, `mean_of_shifted` |" in text
    (content,) = json.loads(data.read_text())
    assert content["exercises"][0]["kills"]["sum"] == ["mean_of_entries", "mean_of_shifted"]
    assert content["trials"] == {"count": 300, "failures": 0, "bound": 0.01}


def test_checks_that_catch_nothing_are_named(tiny, tmp_path):
    tiny.edit(
        "assignments/a01_tiny/checks.py",
        'return {"mean": subject.mean(case.x + 1)}',
        'return {"is_number": subject.mean(case.x + 1) > 0}',
    )
    course = tiny.load()
    report = Examiner(course, course.assignments["a01_tiny"], "secret").report()
    page, _ = write_validity(tmp_path, [Validation(report, Trials(), 1.0)])
    assert "Checks that catch nothing: `mean_of_shifted`." in page.read_text()
