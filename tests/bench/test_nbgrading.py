"""The checks that nbgrader gets are those of the otter tests, with the same points."""

import ast

from bench.nbgrading import _checks

OTTER = """
from otter.test_files import test_case

OK_FORMAT = False

@test_case(points=0.25, hidden=True)
def mean_of_two(env):
    expected = 1.5
    if env["mean"]([1, 2]) != expected:
        raise AssertionError("no mean")

@test_case(points=1.0, hidden=False)
def mean_of_one(env):
    assert env["mean"]([1]) == 1
"""


def test_every_check_becomes_a_cell_worth_the_same():
    found = {name: points for name, points, _ in _checks(OTTER)}
    assert found == {"mean_of_two": 0.25, "mean_of_one": 1.0}


def test_a_cell_judges_as_the_check_does():
    for mean, right in ((lambda x: sum(x) / len(x), True), (lambda x: 0, False)):
        failed = 0
        for _, _, source in _checks(OTTER):
            ast.parse(source)
            try:
                exec(source, {"env": {"mean": mean}})
            except AssertionError:
                failed += 1
        assert failed == (0 if right else 2)
