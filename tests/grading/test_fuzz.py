"""A small share of `make fuzz`: what a student may hand in."""

import pytest

from tests.fuzz.targets import TARGETS
from tests.fuzz.watch import run_share

INPUTS = {"notebook": 2000, "zip": 2000}


@pytest.mark.parametrize("name", INPUTS)
def test_a_target_keeps_its_promise(name):
    share = run_share(TARGETS[name], 0, range(INPUTS[name]))
    assert not share.failures
    assert INPUTS[name] / 25 < share.accepted < INPUTS[name]
