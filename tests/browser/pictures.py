"""Make the screenshots of docs/pictures/ again: ``python -m tests.browser.pictures [NAME ...]``.

A picture is a function that takes the browser and returns a PNG; it stands in `PICTURES` under the
name of its file.
"""

import io
import sys
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp

from PIL import Image

from autograder.course import load_course
from autograder.grading.store import Store
from autograder.reporting.finals import earned, final_scores
from autograder.reporting.pages.dashboard import write_dashboard
from autograder.terms import Policy
from tests.browser.browsers import launched
from tests.browser.classes import ROOT, made_class
from tests.browser.handouts import handout

FOLDER = ROOT / "docs/pictures"
COLOURS = 256  # of a picture; pages have few
DESK, PHONE = {"width": 1180, "height": 1240}, {"width": 390, "height": 844}


@cache
def report():
    """The report of a class of 120, in which nothing is hostile."""
    folder = Path(mkdtemp())
    made_class(folder, ["a06_optimizers"], 120)
    course = load_course(ROOT)
    titles = {name: each.title for name, each in course.assignments.items()}
    policy = Policy({}, 0, UTC, None)
    with Store.existing(folder) as store:
        finals = final_scores(policy, earned(store.records()), {})
        now = datetime(2026, 12, 1, 12, tzinfo=UTC)
        write_dashboard(folder, store, policy, finals, titles=titles, now=now)
    return folder / "report.html"


@cache
def own_page():
    """The page of a student with each kind of picture in it."""
    return handout(Path(mkdtemp()))


def opened(browser, path, size, scheme="light"):
    page = browser.new_page(viewport=size, color_scheme=scheme)
    page.goto(path.as_uri())
    return page


def dashboard(browser, size=DESK, scheme="light", section=None):
    page = opened(browser, report(), size, scheme)
    if section:
        page.evaluate("name => document.getElementById(name).scrollIntoView()", section)
    return page.screenshot()


def student(browser):
    page = opened(browser, report(), {"width": 1180, "height": 800})
    page.get_by_label("Search “All submissions”").fill("kim")
    page.locator("button.open").first.click()
    return page.screenshot()


def feedback(browser, size=DESK, scheme="light", section=None):
    page = opened(browser, own_page(), size, scheme)
    if section:
        page.evaluate("name => document.getElementById(name).scrollIntoView()", section)
    return page.screenshot()


PICTURES = {
    "dashboard": dashboard,
    "dashboard-dark": partial(dashboard, scheme="dark", section="assignment1"),
    "dashboard-phone": partial(dashboard, size=PHONE),
    "dashboard-student": student,
    "feedback": feedback,
    "feedback-phone": partial(feedback, size=PHONE, scheme="dark", section="a4"),
}


def save(name, data):
    """Write a picture with no more colours than it needs, but the small coloured signs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    few = image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
    few.save(FOLDER / f"{name}.png", optimize=True)


def main(names):
    with launched() as browser:
        for name in names or PICTURES:
            save(name, PICTURES[name](browser))
            print(f"wrote docs/pictures/{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
