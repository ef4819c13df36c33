"""A tiny course that is built, with what two students handed in."""

import pytest

from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook


@pytest.fixture
def hand_in(tiny):
    def write_notebooks(**answers):
        student = notebook(tiny.load(), "a01_tiny")
        for name, answer in answers.items():
            write(tiny.root / f"submissions/a01_tiny/{name}.ipynb", submission(student, answer))

    return write_notebooks


@pytest.fixture
def ready(tiny, hand_in):
    tiny.build()
    hand_in(ann=RIGHT, bob={})
    return tiny
