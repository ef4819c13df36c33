"""Read the narrative of an assignment and build otter's master notebook from it.

``notebook.md`` is MyST Markdown. Five fenced directives stand where generated cells go::

    ```{setup} arrays.as_float        given code, conventions and checks of the notebook
    ```{exercise} losses.mse          statement (the body), stub and check cell
    ```{written} descent_paths        a question graded by hand; below --- its rubric
    ```{data} digits                  a data set of assignments/data, inside the notebook
    ```{variant}                      a seed for data that differ from student to student
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt

from autograder.authoring.mutants import stub_sources, targets_in
from autograder.authoring.stubs import BEGIN, END, MARKER, definition_text, marked_up
from autograder.course import ASSIGNMENTS, REFERENCE, modules_of
from autograder.errors import CourseError, Problem, did_you_mean
from autograder.model import Assignment, Course, Exercise
from autograder.numerics.expectations import ExpectedCheck
from autograder.packaging.data import data_source
from autograder.packaging.given import Given
from autograder.packaging.testcases import test_source
from autograder.packaging.variants import common_seed, variant_source

CHECKS_CELL = "# The checks of this notebook go here."
ANSWER_HERE = "# Your code here."
DIRECTIVES = ("setup", "exercise", "written", "data", "variant")

PROGRESS = """\
## How far you are

The cell below runs all the checks of this notebook. Nothing is handed in by that."""

CONFIG = """# ASSIGNMENT CONFIG
init_cell: false
export_cell:
  pdf: false
  run_tests: true
requirements:
  - numpy
  - matplotlib
tests:
  ok_format: false
  files: false
generate:
  points_possible: {points!r}
  show_hidden: {show_hidden}
  show_stdout: false
"""

Cell = nbformat.NotebookNode


@dataclass(frozen=True)
class Directive:
    """A place in the narrative where generated cells go."""

    kind: str
    argument: str
    body: str
    line: int


@dataclass(frozen=True)
class Code:
    """A code cell of the narrative itself."""

    source: str


Block = str | Code | Directive


def read_narrative(path: Path) -> list[Block]:
    """Split ``notebook.md`` into Markdown, code cells and directives, in order.

    Raises
    ------
    CourseError
        For a directive that does not exist.
    """
    import jupytext

    text = path.read_text(encoding="utf-8")
    blocks: list[Block] = []
    for cell in jupytext.reads(text, fmt="md:myst").cells:
        if cell.cell_type == "code":
            blocks.append(Code(cell.source))
        else:
            blocks += _split(path, text, cell.source)
    return blocks


def _split(path: Path, text: str, markdown: str) -> Iterator[Block]:
    """Yield the Markdown of a cell and the directives that stand in it."""
    lines, position = markdown.splitlines(), 0
    for token in MarkdownIt().parse(markdown):
        match = re.fullmatch(r"\{(\w+)\}\s*(.*?)\s*", token.info) if token.type == "fence" else None
        if match is None or token.map is None:
            continue
        kind, argument = match.groups()
        line = _line_of(text, token.info)
        if kind not in DIRECTIVES:
            hint = did_you_mean(kind, DIRECTIVES)
            raise CourseError.at(path, line, f"there is no directive {{{kind}}}.{hint}")
        before = "\n".join(lines[position : token.map[0]]).strip()
        if before:
            yield before
        yield Directive(kind, argument, token.content.strip(), line)
        position = token.map[1]
    rest = "\n".join(lines[position:]).strip()
    if rest:
        yield rest


def _line_of(text: str, info: str) -> int:
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.strip("`~: ") == info.strip()), 0)


def check_narrative(assignment: Assignment, blocks: list[Block]) -> None:
    """Require one directive for each exercise and written question, and one setup before them.

    Raises
    ------
    CourseError
        With every directive that is missing, unknown or there twice.
    """
    path = assignment.folder / "notebook.md"
    directives = [block for block in blocks if isinstance(block, Directive)]
    known = {
        "exercise": [exercise.name for exercise in assignment.exercises],
        "written": list(assignment.written),
    }
    problems = []
    for kind, names in known.items():
        used = [each for each in directives if each.kind == kind]
        for each in used:
            if each.argument not in names:
                hint = did_you_mean(each.argument, names)
                message = f"{{{kind}}} {each.argument!r} is not declared.{hint}"
                problems.append(Problem(path, each.line, message))
        for name in names:
            count = sum(each.argument == name for each in used)
            if count != 1:
                message = f"{{{kind}}} {name} stands here {count} times; it must stand once"
                problems.append(Problem(path, 0, message))
    if sum(each.kind == "variant" for each in directives) > 1:
        problems.append(Problem(path, 0, "{variant} stands here more than once"))
    kinds = [each.kind for each in directives if each.kind not in {"data", "variant"}]
    if kinds.count("setup") != 1 or kinds[0] != "setup":
        problems.append(Problem(path, 0, "{setup} must stand once, before every exercise"))
    if problems:
        raise CourseError(problems)


class MasterNotebook:
    """Builds the notebook that otter assigns.

    Parameters
    ----------
    course, assignment
        What to build.
    expected : dict
        The expected checks of each exercise, by its name.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        expected: dict[str, tuple[ExpectedCheck, ...]],
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._expected = expected
        self._numbers = 0
        self._marked = {
            module: marked_up(
                course.root / REFERENCE / f"{module}.py",
                course.reference[module],
                targets_in(assignment, module),
            )
            for module in modules_of(assignment)
        }

    def build(self, blocks: list[Block]) -> nbformat.NotebookNode:
        """Return the master notebook."""
        shown = self._course.policy.hidden_checks(self._assignment.name)
        config = CONFIG.format(
            points=self._assignment.total(), show_hidden=str(shown == "visible").lower()
        )
        cells = [_raw(config)]
        for block in blocks:
            if isinstance(block, str):
                cells.append(_markdown(block))
            elif isinstance(block, Code):
                cells.append(_code(block.source))
            else:
                cells += getattr(self, f"_{block.kind}")(block)
        cells += [_markdown(PROGRESS), _fixed(_code("grader.check_all()"))]
        notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        }
        notebook.metadata["language_info"] = {"name": "python"}
        return notebook

    def _setup(self, directive: Directive) -> list[Cell]:
        path = self._assignment.folder / "notebook.md"
        given = Given(stub_sources(self._course, self._assignment), self._assignment)
        given.follow_stubs()
        problem = Problem(path, directive.line, "{setup}")
        problems = given.give(directive.argument.replace(",", " ").split(), problem)
        if problems:
            raise CourseError(problems)
        conventions = self._course.root / ASSIGNMENTS / "conventions.md"
        text = conventions.read_text(encoding="utf-8").strip() if conventions.is_file() else ""
        cells = [_markdown(text)] if text else []
        return [*cells, _code(given.source()), _code(CHECKS_CELL)]

    def _exercise(self, directive: Directive) -> list[Cell]:
        exercise = next(e for e in self._assignment.exercises if e.name == directive.argument)
        return [
            _raw(f"# BEGIN QUESTION\nname: {question_name(exercise)}"),
            _markdown(self._statement(exercise, directive.body)),
            _raw("# BEGIN SOLUTION"),
            _code(exercise_text(self._marked, exercise)),
            _raw("# END SOLUTION"),
            _raw("# BEGIN TESTS"),
            *(_code(self._test(exercise, each)) for each in self._expected[exercise.name]),
            _raw("# END TESTS"),
            _raw("# END QUESTION"),
        ]

    def _statement(self, exercise: Exercise, body: str) -> str:
        self._numbers += 1
        points = _points(self._assignment.points[exercise.name])
        public = [f"- {check.title}" for check in exercise.checks if check.public]
        hidden = len(exercise.checks) - len(public)
        checks = [
            "",
            "The checks that you can run here:",
            "",
            *(public or ["- none"]),
            "",
            f"{hidden} more {'check looks' if hidden == 1 else 'checks look'} at it when your "
            "notebook is graded.",
        ]
        heading = f"### Exercise {self._numbers}: `{exercise.title}` ({points})"
        return "\n".join([heading, "", body, *(checks if hidden else checks[:-2])]).strip()

    def _test(self, exercise: Exercise, expected: ExpectedCheck) -> str:
        points = exercise.shares(self._assignment.points[exercise.name])[expected.check.name]
        hidden = str(not expected.check.public).lower()
        config = f'""" # BEGIN TEST CONFIG\npoints: {points!r}\nhidden: {hidden}\n'
        return f'{config}""" # END TEST CONFIG\n{test_source(expected)}'

    def _written(self, directive: Directive) -> list[Cell]:
        question, code, rubric = written_parts(directive)
        points = self._assignment.written[directive.argument]
        self._numbers += 1
        heading = f"### Question {self._numbers} ({_points(points)}, graded by hand)"
        answer = [_markdown(rubric)]
        if code:
            answer[:0] = [_code(f"{ANSWER_HERE}\n{BEGIN}\n{code}\n{END}")]
        return [
            _raw(f"# BEGIN QUESTION\nname: {directive.argument}\nmanual: true\npoints: {points!r}"),
            _markdown(f"{heading}\n\n{question}"),
            _raw("# BEGIN SOLUTION"),
            *answer,
            _raw("# END SOLUTION"),
            _raw("# END QUESTION"),
        ]

    def _data(self, directive: Directive) -> list[Cell]:
        place = Problem(self._assignment.folder / "notebook.md", directive.line, "{data}")
        cell = _code(data_source(self._course, directive.argument, place))
        fold(cell)
        return [cell]

    def _variant(self, _: Directive) -> list[Cell]:
        return [_code(variant_source(common_seed(self._course, self._assignment.name)))]


def _fixed(cell: Cell) -> Cell:
    """Mark a cell as one that is run but not edited, as otter marks its own."""
    cell.metadata.update(editable=False, deletable=False)
    return cell


def fold(cell: Cell) -> None:
    """Hide the source of a cell that nobody has to read."""
    cell.metadata["jupyter"] = {"source_hidden": True}
    cell.metadata["cellView"] = "form"  # what hides it on Colab


def is_folded(cell: Cell) -> bool:
    """Return whether the source of a cell is hidden."""
    return "cellView" in cell.metadata


def written_parts(directive: Directive) -> tuple[str, str, str]:
    """Return the question, the code of the model answer (or nothing), and the rubric."""
    question, _, private = directive.body.partition("\n---\n")
    match = re.match(r"```python\n(.*?)\n```\s*(.*)", private.strip(), re.DOTALL)
    code, rubric = match.groups() if match else ("", private.strip())
    return question.strip(), code, rubric


def question_name(exercise: Exercise) -> str:
    """Return the name in ``grader.check("…")``."""
    return exercise.title.replace(".", "_")


def exercise_text(sources: Mapping[str, str], exercise: Exercise) -> str:
    """Return the definitions of an exercise's targets, as they stand in the answer cell."""
    parts = (target.partition(".") for target in exercise.targets)
    texts = (definition_text(sources[module], name) for module, _, name in parts)
    return "\n\n\n".join(dict.fromkeys(texts))


def without_markers(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the sources as a reader of the solution wants to see them."""
    return {
        name: "".join(line for line in text.splitlines(keepends=True) if line.strip() != MARKER)
        for name, text in sources.items()
    }


def _points(points: float) -> str:
    return f"{points:g} {'point' if points == 1 else 'points'}"


def _raw(source: str) -> Cell:
    cell: Cell = nbformat.v4.new_raw_cell(source)
    return cell


def _markdown(source: str) -> Cell:
    cell: Cell = nbformat.v4.new_markdown_cell(source)
    return cell


def _code(source: str) -> Cell:
    cell: Cell = nbformat.v4.new_code_cell(source)
    return cell
