"""A student's notebook in JupyterLab, in a real browser: run all, a mistake, its feedback, mended."""

import re
import shutil

import pytest

from tests.browser.jupyterlab import serving

NAME = "a03_losses"
QUESTION = "mse_backward"
WRONG = "return 2 * (pred - target) / len(pred)"
RIGHT = "return 2 * (pred - target) / pred.size"
MINUTES = 4 * 60_000  # for what a slow machine may take; nothing waits that long for nothing


@pytest.fixture(scope="module")
def lab(built, tmp_path_factory):
    """A folder with a student's notebook, served by JupyterLab."""
    folder = tmp_path_factory.mktemp("student")
    shutil.copy(built.root / "student" / NAME / f"{NAME}.ipynb", folder)
    with serving(folder, tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture
def student(chromium, lab):
    """The notebook open in a browser, its kernel ready."""
    port, token = lab
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(MINUTES)
    page.goto(f"http://127.0.0.1:{port}/lab/tree/{NAME}.ipynb?token={token}")
    page.get_by_text("Python 3 | Idle").wait_for()
    yield Student(page)
    context.close()


class Student:
    """What a student does in JupyterLab."""

    def __init__(self, page):
        self.page = page

    def cell(self, text):
        return self.page.locator(".jp-CodeCell", has_text=text)

    def run_all(self):
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        prompt = self.cell("grader.export(").locator(".jp-InputPrompt")
        prompt.filter(has_text=re.compile(r"\[\d+\]")).wait_for()

    def answer(self, name, line):
        """Put a line in the place of the last one of a function, and run its cell."""
        self.cell(f"def {name}(").locator(".cm-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.press("Shift+Home")
        self.page.keyboard.insert_text(line)
        self.page.keyboard.press("Control+Enter")

    def check(self, name):
        """Run the check of an exercise; return what it shows."""
        cell = self.cell(f'grader.check("{name}")')
        before = cell.locator(".jp-InputPrompt").inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        prompt = cell.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[\d+\]"))
        prompt.filter(has_not_text=before).wait_for()
        return cell.locator(".gradus").last


def test_a_mistake_gets_its_sentence_its_hint_and_its_picture_and_then_all_is_well(student):
    student.run_all()
    untouched = student.cell(f'grader.check("{QUESTION}")').locator(".gradus")
    assert f"{QUESTION}: still to do" in untouched.inner_text()
    assert student.cell("grader.check_all()").locator("tbody tr").count() == 18
    assert "This will be submitted" in student.cell("grader.export(").inner_text()

    student.answer(QUESTION, WRONG)
    shown = student.check(QUESTION)
    for words in ("1 of 2 checks passed", "dpred[", ", expected ", "Over how many numbers"):
        assert words in shown.inner_text()
    drawing = shown.get_by_role("img", name="dpred: yours minus expected")
    assert drawing.bounding_box()["height"] > 50

    student.answer(QUESTION, RIGHT)
    shown = student.check(QUESTION)
    assert f"{QUESTION}: every check passed" in shown.inner_text()
    assert shown.locator(".passed").count() == 2
    assert shown.locator("svg, .failed").count() == 0
