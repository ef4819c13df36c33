"""Cells that came with a notebook run only if something needs them."""

import pytest

from autograder.fingerprint import cell_mark
from autograder.grading.demonstrations import idle_cells
from autograder.model import CodeCell

SHOWN = ("curve = f(1)", "import plots\nplots.show(curve)", "grader.check('f')", "grader = make()")


def idle(*sources):
    cells = [CodeCell(2 * index, source) for index, source in enumerate(sources)]
    found = idle_cells(cells, frozenset(map(cell_mark, SHOWN)))
    return {sources[position] for position in found}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("def f(x): return x", *SHOWN), set(SHOWN)),
        (("def f(x): return curve", *SHOWN), set(SHOWN[1:])),
        (("def f(x): return plots", *SHOWN), set(SHOWN) - {SHOWN[0], SHOWN[1]}),
        (("grader.check_all()", *SHOWN), set(SHOWN[:3])),
        (("curve = 2\nprint(curve)", *SHOWN), set(SHOWN)),
        (("def f(x): return x", "curve = f(2)"), set()),
        (("def f(x:", *SHOWN), set(SHOWN)),
        (("curve (", *SHOWN), set(SHOWN[1:])),
        (("curve = f(1)\n\n",), {"curve = f(1)\n\n"}),
        (SHOWN, set(SHOWN)),
        ((), set()),
    ],
)
def test_what_nothing_needs_is_left_out(cells, expected):
    assert idle(*cells) == expected
