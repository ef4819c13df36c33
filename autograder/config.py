"""``grading.yml``: the course's policy, validated, with the line of every problem."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from autograder.errors import CourseError, Problem, UsageError, did_you_mean
from autograder.sections import (
    AttemptsConfig,
    LateConfig,
    LimitsConfig,
    Moment,
    Name,
    RoundingConfig,
    Section,
    Zone,
)
from autograder.terms import Visibility

FILE = "grading.yml"

Points = Annotated[float, Field(gt=0, le=1000, multiple_of=0.01, allow_inf_nan=False)]
Location = tuple[int | str, ...]


class AssignmentConfig(Section):
    """One assignment: its title and what each exercise is worth."""

    title: str
    """Title at the head of the notebook."""
    points: dict[str, Points]
    """Points of each exercise, by the name of its first target: ``losses.mse: 2``."""
    written: dict[str, Points] = Field(default={})
    """Points of each written question; these are graded by hand."""
    due: Moment | None = None
    """When it is due: a time in the course's time zone, or a date, meaning the end of that day."""
    extensions: dict[Name, Moment] = Field(default={})
    """Later due dates of single students."""
    late: LateConfig | None = None
    """What differs here from the course's terms of lateness."""
    attempts: AttemptsConfig | None = None
    """What differs here from the course's terms of attempts."""
    rounding: RoundingConfig | None = None
    """What differs here from the course's rounding."""
    limits: LimitsConfig | None = None
    """What differs here from the course's limits."""
    hidden_checks: Visibility | None = None
    """When students see what became of hidden checks, if not as in the rest of the course."""


class CourseConfig(Section):
    """The policy of a course."""

    course: str
    """Title of the course."""
    seed: int = Field(ge=0)
    """Seed of all cases; hidden cases also depend on a secret."""
    follow_through: bool = True
    """Whether what is right on top of an earlier mistake earns its points all the same."""
    limits: LimitsConfig = LimitsConfig()
    """What one submission may use."""
    timezone: Zone = "UTC"
    """Time zone of all times, by its IANA name: ``Europe/Berlin``."""
    late: LateConfig = LateConfig()
    """What lateness costs."""
    late_days: int = Field(default=0, ge=0, le=1000)
    """Days of lateness that each student has free, in all assignments together."""
    attempts: AttemptsConfig = AttemptsConfig()
    """Which of several submissions of a student counts."""
    rounding: RoundingConfig = RoundingConfig()
    """How final scores are rounded."""
    hidden_checks: Visibility = "hidden"
    """When students see what became of hidden checks; of public ones they always do."""
    roster: str | None = None
    """CSV file with the students, beside this file."""
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
    name = ".".join(str(part) for part in location if part != "[key]") or "the file"
    if error["type"] == "extra_forbidden":
        siblings = _fields(location[:-1])
        known = f"; known: {', '.join(siblings)}" if siblings else ""
        message = f"unknown key {name!r}{known}.{did_you_mean(str(location[-1]), siblings)}"
    elif error["type"] == "missing":
        message = f"{name!r} is missing"
    elif error["type"] == "value_error":
        message = f"{name!r} is {error['input']!r:.60}: {error['ctx']['error']}"
    else:
        message = f"{name!r} is {error['input']!r:.60}: {error['msg'].lower()}"
    return lines.problem(location, message)


def _fields(location: Location) -> list[str]:
    """Return the known keys of the section at `location`."""
    section: type[BaseModel] = CourseConfig
    parts = iter(location)
    for part in parts:
        annotation = section.model_fields[str(part)].annotation
        section = next(each for each in (annotation, *get_args(annotation)) if _is_section(each))
        if get_origin(annotation) is dict:
            next(parts, None)  # a name that the author gave
    return list(section.model_fields)


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


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
