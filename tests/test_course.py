"""checks.py and reference/: what an author can get wrong, each with its line."""

import sys
import zipfile

import pytest

from autograder.errors import CourseError
from autograder.packaging.bundle import is_current

CHECKS = "assignments/a01_tiny/checks.py"

# old text, new text, part of the sentence; the line is that of the new text
BAD = [
    (
        'Exercise("maths.mean")',
        'Exercise("maths.maen")',
        "reference/maths.py has no 'maen'. Did you mean 'mean'?",
    ),
    (
        'Exercise("maths.mean")',
        'Exercise("math.mean")',
        "there is no reference/math.py. Did you mean 'maths'?",
    ),
    ('Exercise("maths.mean")', 'Exercise("mean")', "names its targets as 'module.function'"),
    ('Exercise("maths.scale")', 'Exercise("maths.mean")', "'mean' is declared twice"),
    ("weight=2", "weight=0", "weight is 0; a check has a positive weight"),
    ("weight=2", 'picture="bars"', "picture is 'bars'; write curve(\"z\")"),
    (
        'def mean_of_shifted(subject, case):\n    """Shifting the entries shifts the mean."""',
        "def mean_of_shifted(subject, case):",
        "needs a docstring",
    ),
    ("exercise.check(vectors)\n", "exercise.check(7)\n", "is a case source"),
    ("def mean_of_shifted", "def mean_of_entries", "declares the check 'mean_of_entries' twice"),
    (
        "import numpy as np",
        "import nunpy as np",
        "raises ModuleNotFoundError: No module named 'nunpy'",
    ),
    ("import numpy as np", "import numpy as", "not valid Python"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_bad_declaration_is_refused_with_its_file_and_line(tiny, old, new, message):
    path = tiny.edit(CHECKS, old, new)
    with pytest.raises(CourseError) as caught:
        tiny.load()
    assert message in str(caught.value)
    assert str(caught.value.problems[0]).startswith(f"{path}:")
    assert caught.value.problems[0].line > 0


def test_an_exercise_without_points_is_refused(tiny):
    tiny.edit("grading.yml", "      maths.scale: 1\n", "")
    with pytest.raises(CourseError, match=r"'maths\.scale' has no points; add 'maths\.scale: 1'"):
        tiny.load()


def test_an_exercise_without_checks_is_refused(tiny):
    tiny.write(CHECKS, 'from autograder.declare import Exercise\n\nExercise("maths.mean")\n')
    with pytest.raises(CourseError, match=r"checks.py:3: maths.mean has no check"):
        tiny.load()


@pytest.mark.parametrize("name", ["checks.py", "notebook.md"])
def test_a_missing_file_is_named(tiny, name):
    (tiny.root / "assignments/a01_tiny" / name).unlink()
    with pytest.raises(CourseError, match=f"{name}: no such file"):
        tiny.load()


def test_declarations_may_be_split_over_a_folder(tiny):
    text = (tiny.root / CHECKS).read_text()
    first, second = text.split('exercise = Exercise("maths.scale")')
    head = text.split('exercise = Exercise("maths.mean")')[0]
    (tiny.root / CHECKS).unlink()
    tiny.write("assignments/a01_tiny/checks/means.py", first)
    tiny.write(
        "assignments/a01_tiny/checks/scales.py",
        head + 'exercise = Exercise("maths.scale")' + second,
    )
    assert len(tiny.load().assignments["a01_tiny"].exercises) == 2


def test_a_reference_that_is_no_python_is_named(tiny):
    path = tiny.edit("reference/maths.py", "def mean", "deff mean")
    with pytest.raises(CourseError) as caught:
        tiny.load()
    assert f"{path}:" in str(caught.value)
    assert "not valid Python" in str(caught.value)


def test_the_files_of_a_folder_may_share_helpers(tiny):
    text = (tiny.root / CHECKS).read_text()
    (tiny.root / CHECKS).unlink()
    tiny.write(
        "assignments/a01_tiny/checks/_helpers.py",
        "import numpy as np\n\nONE = 1\n\n\ndef shifted(x):\n    return np.add(x, ONE)\n",
    )
    text = text.replace("import numpy as np\n", "from checks._helpers import shifted\n")
    text = text.replace("subject.mean(case.x + 1)", "subject.mean(shifted(case.x))")
    tiny.write("assignments/a01_tiny/checks/all.py", text)
    course = tiny.build()
    with zipfile.ZipFile(course.root / "dist/a01_tiny/autograder.zip") as archive:
        source = archive.read("tests/mean.py").decode()
    assert "def shifted(x):" in source
    assert "ONE = 1" in source
    assert "checks._helpers" not in source
    assert "checks" not in sys.modules
    tiny.edit("assignments/a01_tiny/checks/_helpers.py", "ONE = 1", "ONE = 2")
    assert not is_current(tiny.load(), course.assignments["a01_tiny"])


def test_what_a_shared_helper_may_not_use_is_refused_with_its_file(tiny):
    path = tiny.write(
        "assignments/a01_tiny/checks/_helpers.py",
        "import numpy as np\nimport yaml\n\n\ndef shifted(x):\n    return yaml.safe_load('1') + x\n",
    )
    tiny.edit(CHECKS, "import numpy as np", "from checks._helpers import shifted")
    tiny.edit(CHECKS, "subject.mean(case.x + 1)", "subject.mean(shifted(case.x))")
    (tiny.root / CHECKS).rename(path.with_name("all.py"))
    with pytest.raises(
        CourseError, match=r"uses 'yaml'; a student's notebook has numpy only"
    ) as caught:
        tiny.build()
    assert f"{path}:2: " in str(caught.value)
