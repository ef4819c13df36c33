"""``grading.yml``: the course's policy, validated, with the line of every problem."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from autograder.errors import CourseError, Problem, UsageError, did_you_mean

FILE = "grading.yml"

Points = Annotated[float, Field(gt=0, le=1000, multiple_of=0.01, allow_inf_nan=False)]
Location = tuple[int | str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )


class LimitsConfig(_Strict):
    """What one submission may use."""

    cell_seconds: float = Field(default=30.0, gt=0)
    """Wall time of one cell."""
    check_seconds: float = Field(default=10.0, gt=0)
    """Wall time of one check, on all its cases."""
    submission_seconds: float = Field(default=300.0, gt=0)
    """Wall time of everything together; checks that no longer fit are not passed."""
    memory_mb: int = Field(default=1024, ge=64)
    """Memory beyond that of an idle sandbox, in MB."""
    output_kb: int = Field(default=1024, ge=1)
    """Text that a notebook may write, in kB; the rest is discarded."""


class AssignmentConfig(_Strict):
    """One assignment: its title and what each exercise is worth."""

    title: str
    """Title at the head of the notebook."""
    points: dict[str, Points]
    """Points of each exercise, by the name of its first target: ``losses.mse: 2``."""
    written: dict[str, Points] = {}
    """Points of each written question; these are graded by hand."""


class CourseConfig(_Strict):
    """The policy of a course."""

    course: str
    """Title of the course."""
    seed: int = Field(ge=0)
    """Seed of all cases; hidden cases also depend on a secret."""
    follow_through: bool = True
    """Whether what is right on top of an earlier mistake earns its points all the same."""
    limits: LimitsConfig = LimitsConfig()
    """What one submission may use."""
    assignments: dict[str, AssignmentConfig]
    """The assignments, by the name of their folder in ``assignments/``."""


def read_config(root: Path) -> tuple[CourseConfig, "Lines"]:
    """Read and validate ``grading.yml``.

    Raises
    ------
    UsageError
        If `root` has no ``grading.yml``.
    CourseError
        With every problem of the file, each with its line.
    """
    path = root / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            f"{root} is not a course: it has no {FILE}; run gradus in the course's folder, or "
            "name it with --course"
        ) from None
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CourseError.at(path, line, f"not valid YAML: {error.problem}") from None
    lines = Lines(path, node)
    try:
        return CourseConfig.model_validate(data), lines
    except ValidationError as error:
        problems = [_problem(each, lines) for each in error.errors()]
        raise CourseError(problems) from None


def read_yaml(path: Path, adapter: TypeAdapter[Any]) -> tuple[Any, "Lines"]:
    """Read and validate a YAML file; without the file it is empty.

    Raises
    ------
    CourseError
        With every problem of the file, each with its line.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    try:
        lines = Lines(path, yaml.compose(text, yaml.SafeLoader))
        return adapter.validate_python(yaml.safe_load(text) or {}), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CourseError.at(path, line, f"not valid YAML: {error.problem}") from None
    except ValidationError as error:
        problems = [
            lines.problem(
                each["loc"], f"{'.'.join(map(str, each['loc'])) or 'the file'}: {each['msg']}"
            )
            for each in error.errors()
        ]
        raise CourseError(problems) from None


def _problem(error: Any, lines: "Lines") -> Problem:
    location: Location = error["loc"]
    name = ".".join(str(part) for part in location) or "the file"
    if error["type"] == "extra_forbidden":
        siblings = _fields(location[:-1])
        known = f"; known: {', '.join(siblings)}" if siblings else ""
        message = f"unknown key {name!r}{known}.{did_you_mean(str(location[-1]), siblings)}"
    elif error["type"] == "missing":
        message = f"{name!r} is missing"
    else:
        message = f"{name!r} is {error['input']!r:.60}: {error['msg'].lower()}"
    return lines.problem(location, message)


def _fields(location: Location) -> list[str]:
    """Return the known keys of the section at `location`."""
    if not location:
        return list(CourseConfig.model_fields)
    if location[0] == "limits":
        return list(LimitsConfig.model_fields)
    return list(AssignmentConfig.model_fields) if len(location) == 2 else []


class Lines:
    """Where each key, and each entry of a list, of a YAML file stands."""

    def __init__(self, path: Path, node: Any) -> None:
        self.path = path
        self._node = node

    def problem(self, location: Location, message: str) -> Problem:
        """Return a problem at the line of the deepest key of `location` that exists."""
        return Problem(self.path, self._line(location), message)

    def _line(self, location: Location) -> int:
        node, line = self._node, 1
        for part in location:
            found = [(mark, value) for key, mark, value in _children(node) if key == part]
            if not found:
                break
            line, node = found[0]
        return line


def _children(node: Any) -> Iterator[tuple[int | str, int, Any]]:
    """Yield key or position, line and value of everything in a mapping or a list."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield position, value.start_mark.line + 1, value
