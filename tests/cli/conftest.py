"""A tiny course that is built, with what two students handed in."""

from functools import partial

import pytest

from tests import notebooks
from tests.notebooks import RIGHT


@pytest.fixture
def hand_in(tiny):
    return partial(notebooks.hand_in, tiny, "a01_tiny")


@pytest.fixture
def ready(tiny, hand_in):
    tiny.build()
    hand_in(ann=RIGHT, bob={})
    return tiny
