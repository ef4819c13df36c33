"""What a submission returns must not keep the grader itself busy."""

from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.grading.process import sandbox_limits
from autograder.sandbox.server import SandboxServer
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

COUNTING = 'return {"millions": np.size(subject.scale(**case)) // 1_000_000}'


def test_a_check_is_not_given_millions_of_numbers_where_five_were_asked_for(tiny, tmp_path):
    """A check may do with a result what takes seconds for five numbers, and hours for millions."""
    name = "assignments/a01_tiny/checks.py"
    tiny.edit(name, 'return {"y": subject.scale(**case)}', COUNTING)
    course = tiny.build()
    answer = "def scale(x, factor=2.0):\n    return np.zeros(4_000_000)"
    student = notebook(course, "a01_tiny")
    path = write(tmp_path / "ann.ipynb", submission(student, {**RIGHT, "scale": answer}))
    with SandboxServer(sandbox_limits(course)) as server:
        result = Grader(course, lambda _: server).grade(Submission("a01_tiny", "ann", path))
    (check,) = result.exercises[1].checks
    assert not check.message.startswith("millions is 4")
    assert check.score == 0.0
