"""Drawings: small, self-contained, in the colours of the page, and the same every time."""

import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from autograder.numerics.drawing import draw
from autograder.numerics.pictures import Picture

LARGEST_DRAWING = 15_000  # characters
number = st.one_of(st.none(), st.floats(-1e99, 1e99, width=64), st.integers(-3, 3))
REAL = st.floats(-1e99, 1e99, width=64)


def tables(rows, columns):
    return st.lists(
        st.lists(number, min_size=columns, max_size=columns), min_size=rows, max_size=rows
    )


def examples():
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((24, 32)).round(3).tolist()
    line = rng.standard_normal(40).round(3).tolist()
    bowl = {"at": [0, 0], "slope": [1, -1], "curvature": [[2, 0.5], [0.5, 1]]}
    path = {"expected": noise[0:12], "yours": noise[12:24]}
    path = {name: [each[:2] for each in rows] for name, rows in path.items()}
    shares = {"edges": list(range(25)), "expected": [1 / 24] * 24, "yours": [0.0] * 23 + [1.0]}
    return [
        Picture("heat", "dx: yours minus expected", "", {"off": noise, "block": [2, 3]}),
        Picture("heat", "bias", "", {"off": [[1.5, 0, None, -2e-9]], "block": [1, 1]}),
        Picture("heat", "dw", "", {"off": [row[:6] for row in noise[:8]], "block": [1, 1]}),
        Picture("curve", "a", "", {"x": sorted(line), "expected": line, "yours": [None] * 40}),
        Picture("trajectory", "theta", "", path, ("theta[0]", "theta[1]")),
        Picture("trajectory", "theta", "", path | bowl, ("theta[0]", "theta[1]")),
        Picture("histogram", "w", "", shares, ("w", "share of the numbers")),
    ]


@pytest.mark.parametrize("picture", examples(), ids=lambda picture: picture.kind)
def test_a_drawing_is_small_and_holds_all_that_it_needs(picture):
    svg = draw(picture)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.title
    assert len(svg) < LARGEST_DRAWING
    assert not re.search(
        r"<script|<style|<metadata|https?://(?!www\.w3\.org)|@import|@font-face", svg
    )
    assert svg.count("font-family") == 0
    ids = set(re.findall(r' id="([^"]+)"', svg))
    assert ids >= set(re.findall(r'(?:url\(#|href="#)([^")]+)', svg))


@pytest.mark.parametrize("picture", examples(), ids=lambda picture: picture.kind)
def test_ink_is_that_of_the_page(picture):
    svg = draw(picture)
    assert "currentColor" in svg
    assert not re.search(r"#010203", svg)


def test_drawings_on_one_page_share_no_name():
    found = [set(re.findall(r' id="([^"]+)"', draw(picture))) for picture in examples()]
    assert sum(map(len, found)) == len(set().union(*found))


def test_a_drawing_is_the_same_in_another_process():
    program = (
        "import json, sys\nfrom autograder.numerics.drawing import draw\n"
        "from autograder.numerics.pictures import Picture\n"
        "sys.stdout.write(draw(Picture(**json.load(sys.stdin))))"
    )
    picture = examples()[5]
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(picture.__dict__),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == draw(picture)


def test_names_are_text_and_never_formulas():
    title = 'a"><script>$x_1$</script>'
    picture = Picture(
        "curve", title, "", {"x": [0, 1], "expected": [0, 1], "yours": [1, 0]}, (title, "$b$")
    )
    root = ElementTree.fromstring(draw(picture))
    assert root.get("aria-label") == title
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {title, "$b$"} <= set(texts)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.data())
def test_any_numbers_can_be_drawn(data):
    rows, columns = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    off = data.draw(tables(rows, columns).filter(lambda rows: any(any(row) for row in rows)))
    ours = data.draw(st.lists(st.lists(REAL, min_size=2, max_size=2), min_size=2, max_size=5))
    theirs = data.draw(tables(len(ours), 2))
    line = [row[0] for row in ours]
    for picture in (
        Picture("heat", "t", "w", {"off": off, "block": [1, 1]}),
        Picture(
            "curve",
            "t",
            "w",
            {"x": sorted(line), "expected": line, "yours": [e[0] for e in theirs]},
        ),
        Picture("trajectory", "t", "w", {"expected": ours, "yours": theirs}),
    ):
        assert draw(picture).startswith("<svg")
