"""`gradus new`, `gradus dist` and `gradus gradescope`."""

from tests.cli.runs import gradus


def test_a_course_is_found_from_a_folder_inside_it(ready):
    assert gradus(ready.root / "assignments", "dist").stdout == "a01_tiny: up to date\n"
    assert gradus("/", "--course", ready.root, "dist").stdout == "a01_tiny: up to date\n"


def test_a_new_assignment_builds_and_validates_at_once(tiny):
    tiny.write("reference/arrays.py", "import numpy as np\n\nFloatArray = np.ndarray\n")
    done = gradus(tiny.root, "new", "a13_attention")
    assert done.returncode == 0, done.stderr
    assert gradus(tiny.root, "dist").returncode == 0
    done = gradus(tiny.root, "validate", "a13_attention")
    assert (done.returncode, done.stderr) == (0, "")
    again = gradus(tiny.root, "new", "a13_attention")
    assert again.returncode == 2
    assert "is there already; nothing was written" in again.stderr


def test_every_student_has_a_notebook_of_their_own(ready):
    roster = ready.write("roster.csv", "id\nann\nbob\n")
    done = gradus(ready.root, "dist", "--students", roster)
    assert done.stdout.splitlines()[-1] == "a01_tiny: the same notebook for every student"
    ready.edit("assignments/a01_tiny/notebook.md", "Text.\n", "Text.\n\n```{variant}\n```\n")
    done = gradus(ready.root, "dist", "--students", roster)
    assert done.stdout.splitlines()[-1] == "a01_tiny: 2 notebooks of students"
    assert (ready.root / "dist/a01_tiny/students/ann.ipynb").is_file()
