"""Make the corpus: notebooks as students leave them, and as platforms and editors change them.

Each is a small notebook of a real assignment, answered by its alternatives and then spoilt. Those
that are small and plain are committed; links, scripts and what is large are made by the test. Run
it after an assignment has changed, then look at what ``expected.yml`` says of each::

    .venv/bin/python -m tests.submissions.make
"""

import json
import re
import shutil
from pathlib import Path

from autograder.course import load_course
from tests.submissions.notebooks import code, text, v4

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Sheet:
    """The notebook of an assignment without its narrative, as cells that a case may change."""

    def __init__(self, course, name):
        self.name = name
        self.assignment = course.assignments[name]
        path = ROOT / "student" / name / f"{name}.ipynb"
        student = json.loads(path.read_text(encoding="utf-8"))
        self.setup = "".join(
            next(each["source"] for each in student["cells"] if each["cell_type"] == "code")
        )

    def answers(self, number=0):
        """Return the source of each answer, by the name of its function."""
        return {
            each.title: each.alternatives[number % len(each.alternatives)].source.strip("\n")
            for each in self.assignment.exercises
        }

    def cells(self, number=0, **changed):
        """Return the notebook answered; `changed` are other sources, or None for no answer."""
        cells = [text(f"# {self.assignment.title}"), code(self.setup)]
        cells.append(code("import otter\n\ngrader = otter.Notebook()"))
        for name, source in (self.answers(number) | changed).items():
            cells.append(text(f"### `{name}`"))
            if source is not None:
                cells.append(code(source))
            cells.append(code(f'grader.check("{name}")'))
        return cells

    def notebook(self, number=0, metadata=KERNEL, **changed):
        """Return the bytes of a notebook as Jupyter saves it."""
        return v4(self.cells(number, **changed), metadata=metadata)


def answer(cells, name):
    """Return the position of the cell that answers an exercise."""
    return next(n for n, each in enumerate(cells) if re.match(rf"def {name}\b", each["source"]))


def write(folder, files):
    """Write files by their paths below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def main():
    """Make what is committed."""
    from tests.submissions.cases import COMMITTED

    course = load_course(ROOT)
    for name, cases in COMMITTED.items():
        shutil.rmtree(HERE / name, ignore_errors=True)
        sheet = Sheet(course, name)
        for case in cases:
            write(HERE / name, case(sheet))


if __name__ == "__main__":
    main()
