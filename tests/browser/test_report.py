"""The report of a class of three hundred in a browser, with hostile names and outputs."""

from datetime import UTC, datetime

import pytest

from autograder.grading.records import Entry
from autograder.grading.store import Store
from autograder.reporting.exports.compare import compare
from autograder.reporting.pages.dashboard import write_dashboard
from autograder.terms import Policy
from autograder.texts import clean
from tests.browser.classes import HOSTILE_NAMES, made_class, names
from tests.reporting.results import not_graded, scored

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
COUNT = 300
PHONE = {"width": 390, "height": 844}


def written(folder, **options):
    with Store.existing(folder) as store:
        write_dashboard(folder, store, Policy({}, 0, UTC, None), {}, titles={}, now=NOW, **options)
    return folder / "report.html"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    made_class(folder, ["a03_losses", "a06_optimizers"], COUNT, hostile=True)
    return folder


@pytest.fixture(scope="module")
def report(folder):
    return written(folder)


def submissions(page):
    return page.locator("table.submissions tbody tr")


def column(page, place):
    return page.locator(f"table.submissions tbody tr > :nth-child({place})").all_inner_texts()


def search(page, text):
    page.get_by_label("Search “All submissions”").fill(text)


def cells(row):
    return row.locator("th, td")


def status(page):
    return page.locator("div.tools:has(input) output").last.inner_text()


def test_hostile_names_are_shown_as_text(opened, report):
    page = opened(report)
    assert page.locator("script").count() == 2
    assert page.locator("img, iframe, object, [onload], [onerror]").count() == 0
    for name in HOSTILE_NAMES:
        shown = clean(name).replace("\n", " ")
        search(page, shown)
        assert shown in [each.strip() for each in column(page, 1)]


def test_hostile_outputs_are_shown_as_text(opened, report):
    page = opened(report)
    search(page, "")
    for number in range(12):
        page.locator("button.open").nth(number).click()
        assert page.locator("dialog *:is(script, img, svg)").count() == 0
        page.get_by_role("button", name="Close").click()
    cells = page.get_by_role("table", name="Cells that did not finish")
    assert "<script>alert(1)</script>" in cells.inner_text()


def test_the_browser_refuses_any_script_but_the_reports_own(opened, report, chromium):
    page = chromium.new_page()
    page.goto(report.as_uri())
    page.evaluate(
        "() => { const added = document.createElement('script'); added.textContent = 'window.ran = 1';"
        "document.body.append(added); document.body.setAttribute('onclick', 'window.ran = 2');"
        "document.body.click(); }"
    )
    assert page.evaluate("window.ran") is None
    page.close()


def test_a_table_is_sorted_by_any_column_and_nothing_comes_last(opened, report):
    page = opened(report)
    head = page.locator("table.submissions thead th", has_text="Score")
    for direction, sign in (("descending", -1), ("ascending", 1)):
        head.get_by_role("button").press("Enter")
        assert head.get_attribute("aria-sort") == direction
        scores = [float(each) for each in column(page, 3)]
        assert scores == sorted(scores, key=lambda score: sign * score)
    assert page.locator("table.submissions th[aria-sort]").count() == 1
    while page.locator(".tools").last.get_by_role("button", name="Next").is_enabled():
        page.locator(".tools").last.get_by_role("button", name="Next").click()
    assert column(page, 3)[-1] == "–"


def test_tables_that_are_written_out_are_sorted_too(opened, report):
    page = opened(report)
    table = page.get_by_role("table", name="Checks: a06_optimizers")
    head = table.locator("thead th", has_text="Facility")
    for sign in (-1, 1):
        head.get_by_role("button").click()
        found = [
            float(each.get_attribute("data-value"))
            for each in table.locator("tbody td:nth-child(5)").all()
        ]
        assert found == sorted(found, key=lambda share: sign * share)


def test_a_search_finds_rows_that_have_every_word(opened, report):
    page = opened(report)
    search(page, "lund A03_losses")
    texts = submissions(page).all_inner_texts()
    assert texts
    assert all("Lund" in text and "a03_losses" in text for text in texts)
    search(page, "nobody at all")
    assert submissions(page).count() == 0
    assert status(page) == "Nothing found"
    search(page, "")
    assert status(page) == f"1–20 of {2 * COUNT}"


def test_all_who_made_a_mistake_are_one_click_away(opened, report):
    page = opened(report)
    row = page.get_by_role("table", name="Known mistakes").locator("tbody tr").first
    count = row.locator("td").first.inner_text()
    row.get_by_text("show").click()
    row.get_by_role("button", name=f"all {count}").click()
    assert status(page).endswith(f"of {count}")


def test_a_submission_is_opened_and_closed_with_the_keyboard(opened, report):
    page = opened(report)
    search(page, '"ada lund" a06_optimizers')
    page.locator("button.open").press("Enter")
    dialog = page.get_by_role("dialog", name="Ada Lund")
    assert dialog.get_by_role("table", name="Exercises").locator("tbody tr").count() == 10
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Ada Lund"


def test_a_submission_leads_to_the_students_own_page_where_there_is_one(opened, folder, tmp_path):
    copy = tmp_path / "results"
    made_class(copy, ["a06_optimizers"], 2)
    first, second = names(2)
    (copy / "feedback").mkdir()
    (copy / f"feedback/{first}.html").write_text(
        "<!DOCTYPE html><title>Feedback</title>Well done.", "utf-8"
    )
    page = opened(written(copy))
    page.get_by_role("button", name=second).click()
    assert page.get_by_role("link", name="Feedback").count() == 0
    page.keyboard.press("Escape")
    page.get_by_role("button", name=first).click()
    page.get_by_role("link", name="Feedback").click()
    assert page.title() == "Feedback"


def test_changes_are_sorted_with_what_has_no_number_last(opened, tmp_path):
    new = [scored("ann", 7.0), scored("bo", 10.0), not_graded(student="carl")]
    old = [scored("ann", 9.0), scored("bo", 5.0), scored("carl", 1.0), scored("dora", 2.0)]
    with Store(tmp_path) as store:
        for each in new:
            store.put("key", Entry.of(each))
    page = opened(written(tmp_path, changes=compare(old, new)))
    table = page.get_by_role("table", name="Submissions that changed")
    table.get_by_role("button", name="Difference").click()
    rows = [row.all_inner_texts() for row in map(cells, table.locator("tbody tr").all())]
    assert rows == [
        ["bo", "a03_losses", "5", "10", "5", "1", ""],
        ["ann", "a03_losses", "9", "7", "-2", "0", ""],
        ["carl", "a03_losses", "1", "malformed", "–", "0", "handed in again"],
        ["dora", "a03_losses", "2", "–", "–", "0", "vanished"],
    ]


def test_the_theme_follows_the_system_and_can_be_switched(opened, report):
    paper = "getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(report, color_scheme=each) for each in ("light", "dark"))
    colours = light.evaluate(paper), dark.evaluate(paper)
    assert colours[0] != colours[1]
    light.get_by_role("button", name="Dark theme").click()
    dark.get_by_role("button", name="Light theme").click()
    assert (dark.evaluate(paper), light.evaluate(paper)) == colours


def test_on_paper_every_row_is_there_on_white_and_nothing_to_press(opened, report):
    page = opened(report, color_scheme="dark")
    page.evaluate(
        "addEventListener('beforeprint', () => {"
        "window.printed = document.querySelectorAll('table.submissions tbody tr').length; })"
    )
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert page.evaluate("window.printed") == 2 * COUNT
    assert submissions(page).count() == 20
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.get_by_role("navigation").is_visible()
    assert page.get_by_role("searchbox").count() == 0


def test_a_phone_shows_it_without_moving_the_page_sideways(opened, report):
    page = opened(report)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_without_script_the_tables_are_there_and_the_long_one_says_where_to_look(opened, report):
    page = opened(report, java_script_enabled=False)
    assert page.get_by_role("table", name="Checks: a06_optimizers").locator("tbody tr").count() > 20
    assert page.get_by_text("The same scores are in scores.csv").is_visible()
    assert not page.get_by_role("button", name="theme").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_serious_fault(opened, report, scheme, size):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(report, color_scheme=scheme)
    if size:
        page.set_viewport_size(size)
    page.locator("details").first.locator("summary").click()
    found = Axe().run(page).response["violations"]
    page.locator("button.open").first.click()
    found += Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_hidden_names_are_nowhere_in_the_page(opened, folder, tmp_path):
    plain = tmp_path / "results"
    students = made_class(plain, ["a06_optimizers"], 40)
    report = written(plain, anonymous=True)
    text = report.read_text(encoding="utf-8")
    assert not [name for name in students if name in text]
    page = opened(report)
    assert column(page, 1) == [f"Student {number:03}" for number in range(1, 21)]
    page.locator("button.open").first.click()
    assert page.get_by_role("dialog", name="Student 001").is_visible()
