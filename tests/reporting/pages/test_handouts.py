"""The page and the text of one student: complete, in order, and harmless whatever is in them."""

import re

import pytest
from markdown_it import MarkdownIt

from autograder.grading.records import record
from autograder.model import CellResult, Result, Status
from autograder.numerics.drawing import draw
from autograder.numerics.pictures import Picture
from autograder.reporting.feedback import feedback
from autograder.reporting.finals import Final
from autograder.reporting.pages.handouts import markdown, page
from tests.reporting.markup import Page
from tests.reporting.results import EXERCISES, HOSTILE, graded, not_graded

PICTURE = {
    "kind": "heat",
    "title": "y: yours minus expected",
    "words": "1 of 2 entries is off, most of all y[0].",
    "series": {"off": [[-1.0, 0.0]], "block": [1, 1]},
    "labels": ("index", ""),
}
PICTURES = {"losses.mse": {"signs": PICTURE}}
ATTACKS = [
    HOSTILE,
    "<img src=x onerror=alert(1)>",
    "</style></title><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "[a](javascript:alert(1)) ![b](http://example.org/c.png) <http://example.org>",
    "`code` *emphasis* _too_ ~~gone~~ $x$ \\alpha",
    "- item\n# title\n\n    code\n---\n| a | b |\n|---|---|\n1. one",
    '"><svg onload="alert(1)">',
]


def drawn(picture):
    return draw(Picture(**picture))


def told(**options):
    return feedback(graded(**options), "Losses & costs", Final(5.0, 2.0, 1.0, "late"), PICTURES)


def hostile(text):
    """Feedback in which everything that comes from outside is `text`."""
    exercises = tuple(
        type(each)(
            each.exercise,
            each.points,
            tuple(
                type(check)(
                    check.check,
                    text,
                    True,
                    check.verdict,
                    check.score,
                    check.points,
                    text,
                    check.diagnosis,
                )
                for check in each.checks
            ),
        )
        for each in EXERCISES
    )
    cells = (CellResult(0, "raised", text),)
    result = Result("a", "ann", "0" * 64, Status.GRADED, 7.25, 0.1, "", exercises, cells)
    return feedback(record(result, "full"), text, Final(5.0, reason=text), {})


def test_a_page_says_everything_in_order():
    text = Page(page("ann", [told()], drawn)).text
    parts = [
        "Feedback for ann",
        "Losses & costs",
        "2.75 of 7.25 points : 4.5 still to get.",
        "It counts with 5 points: late.",
        "Still to get, by exercise: mse 2.5 mse_backward 2",
        "mse 1.5 of 4 points",
        "✓ The values are right.",
        "✗ The signs are right. y[0] is 1, expected 2. A mean?",
        "y: yours minus expected. 1 of 2 entries is off, most of all y[0].",
        "Hidden checks: 0 of 1.5 points.",
        "mse_backward 1.25 of 3.25 points",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_a_page_is_well_formed_and_can_do_nothing():
    found = Page(page("ann", [told(), feedback(not_graded(), "Nets", None, {})], drawn))
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(
        after - before <= 1
        for before, after in zip(found.headings, found.headings[1:], strict=False)
    )
    assert not {"script", "iframe", "object", "form", "link"} & set(found.tags)
    assert {"main", "figure", "figcaption", "caption"} <= set(found.tags)
    attributes = dict(found.attributes)
    assert attributes["lang"] == "en"
    policies = [value for _, value in found.attributes if value and "default-src" in value]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    names = [value for key, value in found.attributes if key == "id"]
    assert len(names) == len(set(names))
    links = {
        value[1:] for key, value in found.attributes if key == "href" and value.startswith("#")
    }
    assert links <= set(names)


def test_several_assignments_are_listed_first():
    text = Page(page("ann", [told(), feedback(not_graded(), "Nets", None, {})], drawn)).text
    assert "Losses & costs 2.75 7.25 Nets not graded 7.25" in text
    assert "This submission was not graded: not a notebook" in text


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_stay_text_on_a_page(attack):
    tame = Page(page("ann", [hostile("nothing")], drawn))
    found = Page(page(attack, [hostile(attack)], drawn))
    assert found.tags == tame.tags
    assert [key for key, _ in found.attributes] == [key for key, _ in tame.attributes]
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page(attack, [hostile(attack)], drawn)
    )
    assert "49" not in found.text or "49" in attack


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_stay_text_in_markdown(attack):
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def shape(text):
        return [
            (
                token.type,
                token.tag,
                [each.type for each in token.children or () if each.type != "text"],
            )
            for token in reader.parse(text)
        ]

    assert shape(markdown(attack, [hostile(attack)])) == shape(
        markdown("ann", [hostile("nothing")])
    )


def test_markdown_has_the_words_of_the_page():
    assert markdown("ann", [told()]).splitlines()[:13] == [
        "# Feedback for ann",
        "",
        "## Losses &amp; costs",
        "",
        "**2.75 of 7.25 points**: 4.5 still to get.",
        "",
        "It counts with 5 points: late.",
        "",
        "### mse: 1.5 of 4 points",
        "",
        "- ✓ The values are right.",
        "- ✗ **The signs are right.**",
        r"  - What is wrong: y\[0\] is 1, expected 2.",
    ]
    assert "  - Hint: A mean?" in markdown("ann", [told()])
    assert "not a notebook" in markdown("ann", [feedback(not_graded(), "Nets", None, {})])
