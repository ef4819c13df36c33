import pytest

from autograder.grading.intake.packages import LARGEST_SOURCE, is_available, without_missing
from autograder.model import CodeCell


def kept(source):
    (cell,), remarks = without_missing([CodeCell(3, source)])
    return cell.source, remarks


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import seaborn_x\nimport numpy as np", "pass\nimport numpy as np"),
        ("import numpy as np, seaborn_x", "import numpy as np"),
        ("import numpy; import seaborn_x; é = 2", "import numpy; pass; é = 2"),
        ("from seaborn_x import (\n    a,\n    b,\n)\nx = 1", "pass\n\n\n\nx = 1"),
        ("%matplotlib inline\nimport seaborn_x.api as s", "%matplotlib inline\npass"),
        ("!pip install x\nimport numpy.seaborn_x", "!pip install x\npass"),
    ],
)
def test_an_import_of_what_is_missing_is_taken_out(source, expected):
    assert kept(source)[0] == expected


def test_a_remark_names_the_cell_and_what_is_missing():
    assert kept("import numpy, torch_x\nfrom seaborn_x import a")[1] == [
        "cell 3 runs without seaborn_x, torch_x: not available when grading"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy.linalg, os.path\nfrom collections.abc import Callable",
        "try:\n    import seaborn_x\nexcept ImportError:\n    pass",
        "import seaborn_x\nx = (",
        "from . import seaborn_x",
        '"""\nimport seaborn_x\n"""',
    ],
)
def test_other_cells_stay_as_they_are(source):
    assert kept(source) == (source, [])


def test_code_that_is_no_students_work_is_not_parsed():
    source = "import seaborn_x\n" + "#" * LARGEST_SOURCE
    assert kept(source) == (source, [])


def test_asking_for_a_module_imports_nothing():
    import sys

    assert is_available("this")
    assert is_available("otter.test_files")
    assert not is_available("google.colab")
    assert not is_available("numpy.seaborn_x")
    assert not is_available("../etc")
    assert "this" not in sys.modules
