"""The submissions that every system grades: the solved notebook, and a small class.

The class of the losses are real files from ``examples/submissions``; those of the other
assignments are made in the same way.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from autograder.grading.intake.find import find_submissions
from autograder.model import Assignment, Course
from autograder.packaging.bundle import STUDENT
from autograder.packaging.otter import notebook_bytes
from examples.make_submissions import Maker, Notebook

HOLE = "your code here"
ASSIGNMENTS = ("a03_losses", "a07_training", "a12_recurrence")
# Two that are right, ten mistakes, two mistakes, half of the work, nothing.
FROM_EXAMPLES = {"a03_losses": ("chen", "lena", "emil", "kim", "hugo", "ines")}


@dataclass(frozen=True)
class Class:
    """What is handed in for one assignment.

    Attributes
    ----------
    solved : bytes
        The notebook with the reference as every answer.
    mix : tuple of bytes
        Right answers, wrong ones, unfinished ones.
    given : frozenset of str
        Cells that students leave as they are: all that came with the notebook but its holes.
    """

    assignment: Assignment
    solved: bytes
    mix: tuple[bytes, ...]
    given: frozenset[str]

    def copies(self, count: int) -> list[bytes]:
        """Return so many solved notebooks, with other comments in each."""
        return [self._marked(self.solved, number) for number in range(count)]

    def mixes(self, count: int = 1) -> list[bytes]:
        """Return so many classes, with other comments in each."""
        return [self._marked(each, number) for number in range(count) for each in self.mix]

    def with_nothing_given(self) -> "Class":
        """Return the class of students who changed every cell: all of them have to run."""
        return replace(self, given=frozenset())

    def _marked(self, notebook: bytes, number: int) -> bytes:
        """Return a notebook with a comment at the end of every cell that is not given.

        No system can thus save work because a notebook is the copy of another.
        """
        marked: Notebook = nbformat.reads(notebook.decode(), as_version=4)
        for cell in code_cells(marked):
            if cell.source not in self.given:
                cell.source += f"\n# copy {number}"
        return notebook_bytes(marked)


def read_class(course: Course, name: str) -> Class:
    """Return the submissions for an assignment whose bundle has been built."""
    assignment = course.assignments[name]
    solved = course.root / "dist" / name / f"{name}-solution.ipynb"
    mix = _examples(course, name) if name in FROM_EXAMPLES else _made(Maker(course, assignment))
    handed_out = course.root / STUDENT / name / f"{name}.ipynb"
    blank = nbformat.reads(handed_out.read_text(encoding="utf-8"), as_version=4)
    given = frozenset(each.source for each in code_cells(blank) if HOLE not in each.source)
    return Class(assignment, solved.read_bytes(), tuple(mix), given)


def _examples(course: Course, name: str) -> list[bytes]:
    found = find_submissions(course.root / "examples/submissions" / name, [name])
    students = {each.student: each for each in found}
    return [students[student].read_bytes() for student in FROM_EXAMPLES[name]]


def _made(maker: Maker) -> list[bytes]:
    solution = maker.solution()
    mistakes = [f"{each.name}:{each.mutants[0].name}" for each in maker.assignment.exercises]
    half = list(solution)[: len(solution) // 2]
    answers = [
        maker.alternative(0),
        maker.alternative(1),
        maker.mistaken(*mistakes[::2]),
        maker.mistaken(*mistakes[1:2], *mistakes[-1:]),
        {name: solution[name] for name in half},
        {},
    ]
    return [notebook_bytes(maker.notebook(each)) for each in answers]


def code_cells(notebook: Notebook) -> list[Notebook]:
    """Return the cells that hold code."""
    return [each for each in notebook.cells if each.cell_type == "code" and each.source.strip()]


def write(folder: Path, notebooks: list[bytes]) -> None:
    """Write notebooks as ``student00.ipynb`` and so on into a new folder."""
    folder.mkdir(parents=True)
    for number, notebook in enumerate(notebooks):
        (folder / f"student{number:03}.ipynb").write_bytes(notebook)
