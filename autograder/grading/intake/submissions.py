"""One submission: where it is, and what is known of it before anything in it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from autograder.grading.intake.archives import members_of_path
from autograder.grading.intake.choices import Document, choose
from autograder.grading.intake.files import File, files_at


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one assignment.

    Attributes
    ----------
    path : pathlib.Path
        A notebook, a zip or a folder.
    members : tuple of str
        Where `path` holds the work of several students: the files and folders in it that are
        this one's.
    origin : str
        How it was found, as in ``a Canvas download``.
    submitted_at : datetime.datetime, optional
        With a time zone; None if nobody knows.
    late : bool, optional
        As the platform says; None if it does not.
    attempt : int, optional
        From 1.
    remarks : tuple of str
        What a person should know.
    """

    assignment: str
    student: str
    path: Path
    members: tuple[str, ...] = ()
    origin: str = "a folder"
    submitted_at: datetime | None = None
    late: bool | None = None
    attempt: int | None = None
    remarks: tuple[str, ...] = ()

    def read(self) -> Document:
        """Return the notebook that counts, taken out of its folder or zip.

        Raises
        ------
        MalformedError
            If there is none, or several, or it cannot be read.
        TamperedError
            If a link or a name leads somewhere else.
        """
        return choose(list(self._files()), self.assignment)

    def read_bytes(self) -> bytes:
        """Return the bytes of the notebook that counts."""
        return self.read().data

    def _files(self) -> Iterator[File]:
        if not self.members:
            yield from files_at(self.path, "")
        elif self.path.is_dir():
            for member in self.members:
                yield from files_at(self.path / member, member if len(self.members) > 1 else "")
        else:
            folders = tuple(f"{member}/" for member in self.members)
            for each in members_of_path(self.path):
                if each.name in self.members or each.name.startswith(folders):
                    yield each


def submission_hash(data: bytes) -> str:
    """Return the SHA-256 of a submitted notebook."""
    return sha256(data).hexdigest()
