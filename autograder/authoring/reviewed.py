"""Exceptions that a person reviewed: lists beside an assignment's checks, each entry with a reason.

``equivalent.yml`` lists generated mutants that may live, ``margins.yml`` checks whose tolerance may
be close to an answer.
"""

from collections.abc import Mapping
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from autograder.config import Lines
from autograder.errors import CourseError
from autograder.model import Assignment


class Reviewed(BaseModel):
    """An exception with the reason for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    reason: str = Field(min_length=10)
    """Why it may be: one sentence."""


class Equivalent(Reviewed):
    """One generated mutant that may survive."""

    mutant: str
    """Name of the mutant, as it is reported."""


class Narrow(Reviewed):
    """One check whose margins may be narrow."""

    check: str
    """Name of the check."""


Entry = TypeVar("Entry", bound=Reviewed)


def read_reviewed(
    assignment: Assignment, file: str, entry: type[Entry]
) -> tuple[Mapping[str, list[Entry]], Lines]:
    """Read a list of exceptions, by exercise; without the file, nothing is excepted.

    Raises
    ------
    CourseError
        With every problem of the file, each with its line.
    """
    path = assignment.folder / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    try:
        lines = Lines(path, yaml.compose(text, yaml.SafeLoader))
        adapter = TypeAdapter(dict[str, list[entry]])  # type: ignore[valid-type]
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
