"""A small share of `make fuzz`: what a hostile peer may send."""

import pytest

from tests.fuzz.targets import TARGETS
from tests.fuzz.watch import run_share

INPUTS = {"frame": 6000, "tree": 6000, "value": 300, "stream": 3000, "dialogue": 3000}


@pytest.mark.parametrize("name", INPUTS)
def test_a_target_keeps_its_promise(name):
    share = run_share(TARGETS[name], 0, range(INPUTS[name]))
    assert not share.failures
    assert INPUTS[name] / 25 < share.accepted < INPUTS[name]  # neither all nor none is spoilt
