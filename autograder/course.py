"""Load a course: ``grading.yml``, ``assignments/`` and ``reference/`` become one `Course`."""

import ast
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from autograder.config import AssignmentConfig, CourseConfig, Lines, read_config
from autograder.declare import collecting
from autograder.errors import CourseError, Problem, did_you_mean
from autograder.model import Assignment, Course, Exercise
from autograder.policy import limits_of, policy_of
from autograder.subjects import load_module

REFERENCE = "reference"
ASSIGNMENTS = "assignments"
CHECKS = "checks"  # the folder of an assignment's declarations, and how its files import helpers


def load_course(root: Path) -> Course:
    """Read the course in folder `root`.

    Raises
    ------
    UsageError
        If there is no course.
    CourseError
        With every problem found in its files.
    """
    root = root.resolve()
    config, lines = read_config(root)
    reference = {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted((root / REFERENCE).glob("*.py"))
        if path.stem != "__init__"
    }
    policy, problems = policy_of(root, config, lines)
    problems += _unlisted(root, config, lines)
    assignments = {}
    for name, section in config.assignments.items():
        try:
            assignment = _load_assignment(root, name, config, lines)
        except CourseError as error:
            problems += error.problems
            continue
        assignments[name] = assignment
        problems += _cross_check(assignment, section, lines)
        problems += _target_problems(root, assignment, reference)
    if problems:
        raise CourseError(problems)
    return Course(
        root=root,
        title=config.course,
        seed=config.seed,
        limits=limits_of(config),
        follow_through=config.follow_through,
        reference=reference,
        assignments=assignments,
        policy=policy,
    )


def _unlisted(root: Path, config: CourseConfig, lines: Lines) -> list[Problem]:
    """Report folders in ``assignments/`` that ``grading.yml`` does not list."""
    folders = (path.parent for path in (root / ASSIGNMENTS).glob("*/notebook.md"))
    return [
        lines.problem(
            ("assignments",), f"{ASSIGNMENTS}/{folder.name} is not listed; give it points here"
        )
        for folder in folders
        if folder.name not in config.assignments
    ]


def _load_assignment(root: Path, name: str, config: CourseConfig, lines: Lines) -> Assignment:
    section = config.assignments[name]
    folder = root / ASSIGNMENTS / name
    if not folder.is_dir():
        known = [path.name for path in (root / ASSIGNMENTS).iterdir() if path.is_dir()]
        hint = did_you_mean(name, known)
        message = f"assignment {name!r} has no folder {ASSIGNMENTS}/{name}.{hint}"
        raise CourseError([lines.problem(("assignments", name), message)])
    files = tuple(_declaration_files(folder))
    shared = tuple(sorted(folder.glob(f"{CHECKS}/_*.py")))
    exercises: list[Exercise] = []
    with _importable(shared):
        for path in files:
            exercises += _declarations(path, f"{ASSIGNMENTS}.{name}.{path.stem}")
    return Assignment(
        name=name,
        title=section.title,
        folder=folder,
        exercises=tuple(exercises),
        points=section.points,
        written=section.written,
        files=(*files, *shared, folder / "notebook.md"),
        limits=limits_of(config, section.limits) if section.limits else None,
    )


def _declaration_files(folder: Path) -> Iterable[Path]:
    """Return ``checks.py``, or the files of a folder ``checks/`` when one grows too long."""
    files = [*folder.glob("checks.py"), *sorted(folder.glob(f"{CHECKS}/[!_]*.py"))]
    if not files:
        raise CourseError.at(folder / "checks.py", 0, "no such file; declare the exercises there")
    if not (folder / "notebook.md").is_file():
        raise CourseError.at(folder / "notebook.md", 0, "no such file; write the narrative there")
    return files


@contextmanager
def _importable(shared: Iterable[Path]) -> Iterator[None]:
    """Let the files of ``checks/`` say ``from checks._walks import …``."""
    package = ModuleType(CHECKS)
    package.__path__ = []
    saved = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_shared(name)}
    sys.modules[CHECKS] = package
    try:
        for path in shared:
            name = f"{CHECKS}.{path.stem}"
            sys.modules[name] = load_module(name, path.read_text(encoding="utf-8"), str(path))
        yield
    finally:
        for name in [name for name in sys.modules if _is_shared(name)]:
            del sys.modules[name]
        sys.modules.update(saved)


def _is_shared(module: str) -> bool:
    return module == CHECKS or module.startswith(f"{CHECKS}.")


def _declarations(path: Path, module: str) -> list[Exercise]:
    with collecting() as declared:
        try:
            load_module(module, path.read_text(encoding="utf-8"), str(path))
        except CourseError:
            raise
        except SyntaxError as error:
            raise CourseError.at(
                path, error.lineno or 0, f"not valid Python: {error.msg}"
            ) from None
        except Exception as error:  # a course author's file may raise anything
            frames = traceback.extract_tb(error.__traceback__)
            line = next((f.lineno for f in reversed(frames) if f.filename == str(path)), 0) or 0
            message = f"raises {type(error).__name__}: {error}"
            raise CourseError.at(path, line, message) from error
    return [exercise.declared() for exercise in declared]


def _cross_check(assignment: Assignment, section: AssignmentConfig, lines: Lines) -> list[Problem]:
    """Every exercise has points, and every key of points names an exercise."""
    names = [exercise.name for exercise in assignment.exercises]
    where = ("assignments", assignment.name, "points")
    problems = [
        lines.problem(
            (*where, key),
            f"{key!r} is not an exercise of {assignment.name}.{did_you_mean(key, names)}",
        )
        for key in section.points
        if key not in names
    ]
    problems += [
        Problem(
            exercise.path,
            exercise.line,
            f"exercise {exercise.name!r} has no points; add '{exercise.name}: 1' to "
            f"{lines.path.name} under assignments.{assignment.name}.points",
        )
        for exercise in assignment.exercises
        if exercise.name not in section.points
    ]
    titles = [exercise.title for exercise in assignment.exercises]
    problems += [
        Problem(exercise.path, exercise.line, f"{exercise.title!r} is declared twice")
        for position, exercise in enumerate(assignment.exercises)
        if exercise.title in titles[:position]
    ]
    return problems


def _target_problems(
    root: Path, assignment: Assignment, reference: dict[str, str]
) -> list[Problem]:
    """Every target is a function, class or method of a module in ``reference/``."""
    problems = []
    for exercise in assignment.exercises:
        for target in exercise.targets:
            module, _, name = target.partition(".")
            if module not in reference:
                hint = did_you_mean(module, list(reference))
                message = f"target {target!r}: there is no {REFERENCE}/{module}.py.{hint}"
            else:
                path = root / REFERENCE / f"{module}.py"
                known = _definitions(path, reference[module])
                if name in known:
                    continue
                hint = did_you_mean(name, known)
                message = f"target {target!r}: {REFERENCE}/{module}.py has no {name!r}.{hint}"
            problems.append(Problem(exercise.path, exercise.line, message))
    return problems


def _definitions(path: Path, source: str) -> list[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CourseError.at(path, error.lineno or 0, f"not valid Python: {error.msg}") from None
    names = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.ClassDef):
            names.append(node.name)
            names += [f"{node.name}.{f.name}" for f in node.body if isinstance(f, ast.FunctionDef)]
    return names


def modules_of(assignment: Assignment) -> tuple[str, ...]:
    """Return the modules of ``reference/`` that the assignment's targets live in."""
    targets = (target for exercise in assignment.exercises for target in exercise.targets)
    return tuple(dict.fromkeys(target.partition(".")[0] for target in targets))
