"""The pictures of the terminal in the documents."""

import re

import pytest

from tests.cli.picture import FOLDER, self_contained


@pytest.mark.parametrize("path", sorted(FOLDER.glob("terminal*.svg")), ids=lambda path: path.name)
def test_a_picture_needs_nothing_from_another_machine(path):
    svg = path.read_text(encoding="utf-8")
    assert self_contained(svg) == svg
    assert not re.findall(r"url\((?!#)|href=|<script", svg)
