"""The errors that Gradus raises on purpose, and the exit code of each.

::

    GradusError
    ├── UsageError       2   the command was called with something that is not there
    ├── CourseError      2   grading.yml, reference/ or assignments/ is wrong: a list of problems
    ├── MalformedError   -   a submission cannot be read: a status of that submission
    │   └── TamperedError    it leads to something that was not handed in
    └── FaultError       3   the grader itself failed
        └── UnwritableError      something cannot be written, as on a full disk

What goes wrong in a student's code is a verdict, never one of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


class GradusError(Exception):
    """Base of every deliberate error; its text is one sentence for the user."""

    exit_code = 3


class UsageError(GradusError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = 2


class MalformedError(GradusError):
    """A submission cannot be read as a notebook; it is listed for review, never scored."""

    exit_code = 1
    status = "malformed"


class TamperedError(MalformedError):
    """A submission leads to something that was not handed in; a person has to look at it."""

    status = "tampered"


class FaultError(GradusError):
    """The grader itself failed; nobody's score is touched."""

    exit_code = 3


class UnwritableError(FaultError):
    """Something cannot be written; whatever was stored before stays.

    Parameters
    ----------
    path : pathlib.Path
        What should be written.
    reason : str
        Why it cannot be, as the system says.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} can't be written: {reason}; mend that or free some space, then run the same "
            "command again: every result that was stored is kept"
        )
        self._what = (path, reason)

    def __reduce__(self) -> tuple[type["UnwritableError"], tuple[Path, str]]:
        return UnwritableError, self._what


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a course, and where.

    Attributes
    ----------
    path : pathlib.Path
        File to open.
    line : int
        Line in it, from 1; 0 if the whole file is meant.
    message : str
        What is wrong, what was expected and what to do.
    """

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else f"{self.path}"
        return f"{place}: {self.message}"


class CourseError(GradusError):
    """The course is invalid; carries every problem found, each with its file and line."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["CourseError"], tuple[Sequence[Problem]]]:
        return CourseError, (self.problems,)

    @classmethod
    def at(cls, path: Path, line: int, message: str) -> "CourseError":
        """Return an error with a single problem."""
        return cls([Problem(path, line, message)])


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return `` Did you mean 'x'?`` for the closest known word, or nothing."""
    close = get_close_matches(word, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
