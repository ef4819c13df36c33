"""What an attack is: a notebook or a file that a student might hand in, and what it must earn.

The code of an attack speaks of the machine by names in capitals after a dollar, such as
``$SECRET``; `Places` says what they stand for. Whoever gets something forbidden calls `won`, which
leaves a trophy wherever it can: in a file, in the output and in an exception.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from textwrap import dedent

import nbformat

from tests.notebooks import RIGHT, submission

FULL = 4.0  # of the tiny course: 3 for mean (2 of them public), 1 for scale
NOTHING = 0.0
REFUSED = None  # not graded, hence no score

WRONG = {
    "mean": "def mean(x):\n    return 0.0",
    "scale": "def scale(x, factor=2.0):\n    return 0 * x",
}

TROPHY = "stolen:"
WON = """
    def won(loot=""):
        text = "stolen:" + str(loot)
        print(text)
        try:
            with open("$TROPHY", "a") as file:
                file.write(text + "\\n")
        except OSError:
            pass
        raise RuntimeError(text)
"""


@dataclass(frozen=True)
class Places:
    """What the names in the code of an attack stand for.

    Attributes
    ----------
    course : pathlib.Path
        With solutions, hidden tests and bundles.
    secret : pathlib.Path
        A file that only the grader's user may read.
    victim : pathlib.Path
        Another student's notebook.
    results : pathlib.Path
        Where the grader writes.
    trophy, drop : pathlib.Path
        Files that are not there, in a folder that anybody may write to.
    table : str
        What the public cases of ``mean`` return, by the bytes of their argument.
    """

    course: Path
    secret: Path
    victim: Path
    results: Path
    trophy: Path
    drop: Path
    port: int
    table: str

    def fill(self, code: str) -> str:
        """Put the places into the code of an attack."""
        for each in fields(self):
            code = code.replace(f"${each.name.upper()}", str(getattr(self, each.name)))
        return code


Place = Callable[[Path, bytes, Places], None]


def write_notebook(path: Path, data: bytes, _places: Places) -> None:
    """Hand in a notebook as most students do."""
    path.write_bytes(data)


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes
    ----------
    name : str
        What it does, as a row of the table in docs/security.md.
    score : float or None
        What its honest part earns; None if it must not be graded.
    answers : mapping of str to str
        The functions it hands in.
    cells, last : sequence of str
        Cells before and after the answers.
    file : str
        Name of the file that is handed in; by default made from the name of the attack.
    alter : callable
        Changes the notebook as a tree of JSON.
    hand_in : callable
        Puts the file there.
    may_be_refused : bool
        Whether not grading it is as good.
    portable : bool
        Whether it is a plain notebook, and so can be given to other graders.
    """

    name: str
    score: float | None
    answers: Mapping[str, str] = field(default_factory=lambda: RIGHT)
    cells: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    file: str = ""
    alter: Callable[[dict], object] = lambda _tree: None
    hand_in: Place = write_notebook
    may_be_refused: bool = False
    portable: bool = True

    @property
    def slug(self) -> str:
        """The name of the attack as a name of a student."""
        return "".join(each if each.isalnum() else "-" for each in self.name.lower())

    def write(self, folder: Path, student: object, places: Places) -> Path:
        """Hand the attack in; return the file."""
        path = folder / (self.file or f"{self.slug}.ipynb")
        self.hand_in(path, self.notebook(student, places), places)
        return path

    def notebook(self, student: object, places: Places) -> bytes:
        """Return the notebook: the student's, with answers and cells put in."""
        attacks = any("won(" in code for code in (*self.cells, *self.last, *self.answers.values()))
        cells = [WON, *self.cells] if attacks else self.cells
        notebook = submission(student, self.answers, [dedent(cell).strip() for cell in cells])
        notebook.cells += [nbformat.v4.new_code_cell(dedent(cell).strip()) for cell in self.last]
        for cell in notebook.cells:
            cell.source = places.fill(cell.source)
        tree = json.loads(nbformat.writes(notebook))
        self.alter(tree)
        return json.dumps(tree).encode()


def with_mean(body: str, answers: Mapping[str, str] = RIGHT) -> dict[str, str]:
    """Return answers whose ``mean`` has another body."""
    lines = dedent(body).strip().splitlines()
    return {**answers, "mean": "\n".join(["def mean(x):", *(f"    {line}" for line in lines)])}
