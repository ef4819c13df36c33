"""Exceptions that a person reviewed: lists beside an assignment's checks, each entry with a reason.

``equivalent.yml`` lists generated mutants that may live, ``margins.yml`` checks whose tolerance may
be close to an answer.
"""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from autograder.config import Lines, read_yaml
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
    adapter = TypeAdapter(dict[str, list[entry]])  # type: ignore[valid-type]
    return read_yaml(assignment.folder / file, adapter)
