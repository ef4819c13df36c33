"""What students are called in a report: by their names, or by labels that lead nowhere.

Labels are drawn at random and kept in ``labels.json`` of the results folder, so that a student has
the same one in every report, and only who has that file knows whose it is. Labels in the order of
names, or made from names, could be traced back by anybody with a list of the class.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path

from autograder.errors import UsageError
from autograder.reporting.files import write_text
from autograder.reporting.students import Students
from autograder.texts import clean, json_text, line

FILE = "labels.json"

_WORD = re.compile(r"[^\W_]+")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """Students go by the names under which they handed in."""

    def of(self, student: str) -> str:
        """Return what a student is called."""
        return line(student)

    def text(self, text: str) -> str:
        """Return a text that may name students."""
        return clean(text)


@dataclass(frozen=True)
class Labels(Names):
    """Students go by labels, in texts too: rather a word too many is replaced than a name left.

    Parameters
    ----------
    labels : mapping of str to str
        By the names under which students handed in.
    students : mapping of str to Student, optional
        Under which other names they are known.

    Examples
    --------
    >>> Labels({"ann": "Student 2", "Bo Lee": "Student 1"}).text("ann.ipynb by bo lee (Anna)")
    'Student 2.ipynb by Student 1 (Anna)'
    """

    labels: Mapping[str, str]
    students: Students = field(default_factory=dict)
    _words: dict[Words, str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, label in self.labels.items():
            known = self.students.get(name)
            for each in (name, *(astuple(known)[:-1] if known else ())):  # all but the section
                words = _words(each)
                if words:
                    self._words.setdefault(words, label)

    def of(self, student: str) -> str:
        """Return the label of a student."""
        return self.labels[student]

    def text(self, text: str) -> str:
        """Return a text with labels for names, whatever stands between the words of a name."""
        cleaned = clean(text)
        found = list(_WORD.finditer(cleaned))
        words = [each[0].casefold() for each in found]
        longest = max(map(len, self._words), default=0)
        done, parts, place = 0, [], 0
        while place < len(found):
            size = self._size_of_name(words[place : place + longest])
            if size:
                label = self._words[tuple(words[place : place + size])]
                parts += [cleaned[done : found[place].start()], label]
                done = found[place + size - 1].end()
            place += max(1, size)
        return "".join([*parts, cleaned[done:]])

    def _size_of_name(self, words: list[str]) -> int:
        """Return how many words are the longest name that they begin with, or 0."""
        sizes = range(len(words), 0, -1)
        return next((size for size in sizes if tuple(words[:size]) in self._words), 0)


def _words(text: str) -> Words:
    return tuple(each.casefold() for each in _WORD.findall(clean(text)))


def keep_labels(folder: Path, names: Iterable[str], students: Students) -> Labels:
    """Return the labels of all students, new ones for those who had none, and keep them.

    Raises
    ------
    UsageError
        If the file of an earlier time cannot be read.
    """
    path = folder / FILE
    labels = _read(path)
    new = sorted(set(names) - labels.keys())
    random.SystemRandom().shuffle(new)  # from a seed, the order could be found again
    for number, name in enumerate(new, start=len(labels) + 1):
        labels[name] = f"Student {number:03}"
    if new:
        write_text(path, json_text(labels, 1) + "\n")
    return Labels(labels, students)


def _read(path: Path) -> dict[str, str]:
    try:
        return {
            str(name): str(label) for name, label in json.loads(path.read_text("utf-8")).items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError):
        raise UsageError(
            f"{path} cannot be read; remove it to draw new labels for everybody"
        ) from None
