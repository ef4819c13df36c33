"""Where submissions lie: a folder on disk, or a folder in a zip, looked at in the same way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import MalformedError, UsageError
from autograder.grading.intake.archives import members_of_path
from autograder.grading.intake.files import File, is_foreign, read_file


@dataclass(frozen=True)
class Entry:
    """Something in a place; a link is neither followed nor known to be a folder."""

    name: str
    folder: bool = False
    link: bool = False


@dataclass(frozen=True)
class Place:
    """A folder, or a folder in a zip.

    Attributes
    ----------
    path : pathlib.Path
        The folder or the zip on disk.
    inside : str
        The folder in the zip, with a ``/`` at its end; else empty.
    """

    path: Path
    inside: str = ""

    @property
    def name(self) -> str:
        """What it is called, without the ending of a zip."""
        return self.inside.rstrip("/").rpartition("/")[2] or self.path.name.removesuffix(".zip")

    @property
    def in_zip(self) -> bool:
        """Whether it is in a zip."""
        return not self.path.is_dir()

    def entries(self) -> list[Entry]:
        """Return what students or platforms put there, by name."""
        found = self._in_zip() if self.in_zip else self._on_disk()
        return sorted(found, key=lambda each: each.name)

    def _on_disk(self) -> Iterator[Entry]:
        for path in self.path.iterdir():
            if not is_foreign(path.name):
                link = path.is_symlink()
                yield Entry(path.name, folder=path.is_dir() and not link, link=link)

    def _in_zip(self) -> Iterator[Entry]:
        seen = set()
        for file in self._members():
            first, slash, _ = file.name[len(self.inside) :].partition("/")
            if first not in seen:
                seen.add(first)
                yield Entry(first, folder=bool(slash), link=file.link and not slash)

    def into(self, folder: str) -> "Place":
        """Return the place of a folder in this one."""
        if self.in_zip:
            return Place(self.path, f"{self.inside}{folder}/")
        return Place(self.path / folder)

    def member(self, name: str) -> str:
        """Return how a submission of this place's path names an entry."""
        return self.inside + name

    def read(self, name: str) -> bytes:
        """Return a file of the platform.

        Raises
        ------
        UsageError
            If it cannot be read.
        """
        try:
            if not self.in_zip:
                return read_file(self.path / name)
            files = self._members()
            return next(each for each in files if each.name == self.member(name)).read()
        except MalformedError as error:
            raise UsageError(f"{self.path}: {error}") from None

    def is_checkout(self, folder: str) -> bool:
        """Return whether a folder of this place is a git repository."""
        return not self.in_zip and (self.path / folder / ".git").exists()

    def _members(self) -> list[File]:
        try:
            files = members_of_path(self.path)
        except MalformedError as error:
            raise UsageError(f"{self.path} cannot be read: {error}") from None
        return [each for each in files if each.name.startswith(self.inside)]
