"""Submissions on their way to another machine: what was handed in travels with each of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from operator import length_hint
from typing import Final

from autograder.errors import MalformedError
from autograder.grading.intake.choices import Document
from autograder.grading.intake.submissions import Submission

BATCH: Final = 10  # submissions; the cluster's own work for a task is then shared by so many
BATCH_BYTES: Final = 4 << 20  # a batch with so much in it is full
_SHARES: Final = 4  # batches that each slot should get at least, so that all end at about one time


@dataclass(frozen=True)
class Delivery(Submission):
    """A submission that was read where its files are, to be graded where they are not.

    Attributes
    ----------
    content : Document or Exception
        The notebook that counts, or why it could not be read.
    """

    content: Document | MalformedError | OSError = field(kw_only=True)

    @classmethod
    def of(cls, submission: Submission) -> "Delivery":
        """Read a submission; what is wrong with it is delivered too."""
        known = {each.name: getattr(submission, each.name) for each in fields(Submission)}
        try:
            return cls(**known, content=submission.read())
        except (MalformedError, OSError) as error:
            return cls(**known, content=error)

    def read(self) -> Document:
        """Return the notebook, or raise what was raised when it was read."""
        if isinstance(self.content, Exception):
            raise self.content
        return self.content

    @property
    def size(self) -> int:
        """Bytes that travel."""
        return len(self.content.data) if isinstance(self.content, Document) else 0


Batch = tuple[tuple[Submission, ...], tuple[Delivery, ...]]


def batch_size(submissions: Iterable[Submission], slots: int, most: int = BATCH) -> int:
    """Return how many submissions go together: few are spread over all slots.

    >>> batch_size(range(1000), slots=4), batch_size(range(40), slots=4), batch_size([], slots=4)
    (10, 2, 1)
    """
    return max(1, min(most, length_hint(submissions, most * slots * _SHARES) // (slots * _SHARES)))


def batches(submissions: Iterable[Submission], size: int) -> Iterator[Batch]:
    """Yield submissions in groups, each with what travels; a group is read when it is asked for."""
    group: list[tuple[Submission, Delivery]] = []
    for each in submissions:
        group.append((each, Delivery.of(each)))
        if len(group) == size or sum(delivery.size for _, delivery in group) >= BATCH_BYTES:
            yield _unzipped(group)
            group = []
    if group:
        yield _unzipped(group)


def _unzipped(group: list[tuple[Submission, Delivery]]) -> Batch:
    return tuple(submission for submission, _ in group), tuple(delivery for _, delivery in group)
