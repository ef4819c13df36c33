"""Figures that belong into any page."""

import re
from xml.etree import ElementTree as ET

from autograder.reporting.pages.figures import counts, histogram

SHARES = [0.0, 0.05, 0.1, 0.55, 0.95, 1.0, 1.0]


def test_full_marks_are_in_the_last_tenth_and_nothing_is_lost():
    assert counts(SHARES) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]
    assert sum(counts([])) == 0


def test_a_figure_shows_its_counts_in_the_colours_of_the_page():
    figure = histogram(SHARES, "one")
    texts = [
        "".join(each.itertext()).strip()
        for each in ET.fromstring(figure).iter()
        if each.tag.endswith("text")
    ]
    assert [each for each in texts if each][-4:] == ["2", "1", "1", "3"]
    assert "score in % of the points" in texts
    assert not re.search("#[0-9a-f]{6}", figure)
    assert {"var(--ink)", "var(--accent)"} <= set(re.findall(r"var\(--\w+\)", figure))


def test_a_figure_holds_nothing_that_acts_on_the_page_or_asks_for_more():
    figure = histogram(SHARES, "one")
    for each in ("<script", "<style", "<?xml", "<!DOCTYPE", "@import", "<image", "url(http"):
        assert each not in figure


def test_two_figures_share_no_ids_and_each_finds_its_own():
    ids = []
    for name in ("one", "two"):
        figure = histogram(SHARES, name)
        own = set(re.findall(r'id="([^"]+)"', figure))
        asked = set(re.findall(r'(?:url\(#|href="#)([^")]+)', figure))
        assert asked <= own
        ids.append(own)
    assert not ids[0] & ids[1]


def test_the_same_scores_make_the_same_figure():
    assert histogram(SHARES, "one") == histogram(SHARES, "one")
