"""The page of one student in a browser, with a picture of each kind."""

import pytest

from autograder.grading.records import Entry
from autograder.grading.store import Store
from autograder.reporting.pages.drawings import Drawings
from autograder.reporting.pages.mailings import write_feedback
from tests.browser.handouts import handout
from tests.reporting.results import HOSTILE, graded

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return handout(tmp_path_factory.mktemp("results"))


def test_every_kind_of_picture_is_seen_and_named(opened, page):
    shown = opened(page)
    figures = shown.locator("figure")
    names = [
        figures.nth(number).get_by_role("img").get_attribute("aria-label")
        for number in range(figures.count())
    ]
    assert [name for name in names if "against z" in name]
    assert [name for name in names if "yours minus expected" in name]
    assert [name for name in names if "how the numbers are distributed" in name]
    assert [name for name in names if "the path it takes" in name]
    for number in range(figures.count()):
        box = figures.nth(number).locator("svg").bounding_box()
        assert box["width"] > 200
        assert figures.nth(number).locator("figcaption").inner_text().endswith(".")


def test_what_is_still_to_get_leads_to_its_exercise(opened, page):
    shown = opened(page)
    link = shown.locator("ul.missing a").first
    link.click()
    target = shown.evaluate("decodeURIComponent(location.hash.slice(1))")
    heading = shown.locator(f"[id='{target}']")
    assert heading.evaluate("each => each.tagName") == "H3"
    assert link.inner_text() in heading.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_fault(opened, page, scheme, size):
    from axe_playwright_python.sync_playwright import Axe

    shown = opened(page, color_scheme=scheme)
    if size:
        shown.set_viewport_size(size)
    found = Axe().run(shown).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_a_phone_shows_all_of_its_width(opened, page):
    shown = opened(page)
    shown.set_viewport_size({"width": 320, "height": 640})
    assert shown.evaluate("document.documentElement.scrollWidth") == 320


def test_ink_follows_the_scheme(opened, page):
    seen = set()
    for scheme in ("light", "dark"):
        shown = opened(page, color_scheme=scheme)
        label = shown.locator("figure svg text").first
        colors = label.evaluate(
            "each => [getComputedStyle(each).fill, getComputedStyle(document.body).color]"
        )
        assert colors[0] == colors[1]
        seen.add(colors[0])
    assert len(seen) == 2


def test_a_page_is_read_aloud_in_order(opened, page):
    tree = opened(page).locator("main").aria_snapshot()
    parts = [
        'heading "Feedback for Ada Brandt" [level=1]',
        "All assignments",
        "[level=2]",
        "[level=3]",
    ]
    assert [part for part in parts if part not in tree] == []
    assert 'img "Not yet:"' in tree
    assert 'img "Passed:"' in tree


def test_hostile_names_and_outputs_are_text(opened, tmp_path):
    name = "</title><script>alert(1)</script>"
    exercise = graded()["exercises"][0]
    for check in exercise["checks"]:
        check["message"] = check["title"] = HOSTILE
    line = {**graded(name), "exercises": [exercise]}
    line["cells"] = [{"index": 0, "outcome": "raised", "message": "<img src=x onerror=alert(2)>"}]
    with Store(tmp_path) as store, Drawings() as drawings:
        store.put("key", Entry.of(line))
        write_feedback(tmp_path, store, {}, {"a03_losses": "<svg onload=alert(3)>"}, drawings)
    (page,) = (tmp_path / "feedback").glob("*.html")
    shown = opened(page)
    assert shown.locator("h1").inner_text() == f"Feedback for {name}"
    assert "<img src=x onerror=alert(2)>" in shown.locator("main").inner_text()
    assert shown.locator("script, img, svg").count() == 0
