"""Templates take text for text."""

import base64
from hashlib import sha256

import pytest
from jinja2 import UndefinedError

from autograder.reporting.pages.rendering import render, script, style


def test_a_script_is_known_by_its_digest():
    source, digest = script("report.js")
    assert digest == f"'sha256-{base64.b64encode(sha256(source.encode()).digest()).decode()}'"
    assert "</script" not in source


def test_the_style_ends_no_element_and_asks_for_nothing():
    assert not {each for each in ("</", "@import", "url(") if each in style()}


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(UndefinedError):
        render("report.html")
