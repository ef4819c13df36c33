"""What changed between two results folders, and for whom."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.grading.records import Record
from autograder.reporting.files import write_csv, write_text
from autograder.texts import json_text

HEADER = ("assignment", "student", "what", "where", "before", "after")


@dataclass(frozen=True)
class Change:
    """One difference in one submission's result.

    Attributes
    ----------
    what : {'new', 'vanished', 'submission', 'status', 'score', 'verdict'}
        A submission that was not there before, or is no longer; one that was handed in again; or
        what is different about it.
    where : str
        For a verdict: the exercise and the check.
    before, after : str or float or None
        None where there is nothing, such as the score of what was not graded.
    """

    assignment: str
    student: str
    what: str
    where: str
    before: str | float | None
    after: str | float | None


def compare(old: Iterable[Record], new: Iterable[Record]) -> list[Change]:
    """Return every change, by assignment and student."""
    before, after = _by_submission(old), _by_submission(new)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        differences = _differences(before.get(key), after.get(key))
        changes += [Change(*key, *difference) for difference in differences]
    return changes


def _by_submission(records: Iterable[Record]) -> dict[tuple[str, str], Record]:
    return {(record["assignment"], record["student"]): record for record in records}


def _differences(old: Record | None, new: Record | None) -> Iterator[tuple[Any, ...]]:
    if old is None or new is None:
        what = "new" if old is None else "vanished"
        yield what, "", old and _standing(old), new and _standing(new)
        return
    if old["submission"] != new["submission"]:
        yield "submission", "", old["submission"][:12], new["submission"][:12]
    for what in ("status", "score"):
        if old[what] != new[what]:
            yield what, "", old[what], new[what]
    before, after = _verdicts(old), _verdicts(new)
    for where in sorted(before.keys() | after.keys()) if before and after else ():
        if before.get(where) != after.get(where):
            yield "verdict", where, before.get(where), after.get(where)


def _standing(record: Record) -> str | float:
    """Return the score, or else why there is none."""
    return str(record["status"]) if record["score"] is None else float(record["score"])


def _verdicts(record: Record) -> dict[str, str]:
    return {
        f"{exercise['exercise']}.{check['check']}": check["verdict"]
        for exercise in record["exercises"]
        for check in exercise["checks"]
    }


def write_changes(folder: Path, changes: Iterable[Change]) -> None:
    """Write ``changes.csv`` and ``changes.json``."""
    rows = [asdict(change) for change in changes]
    write_csv(folder / "changes.csv", HEADER, [[row[key] for key in HEADER] for row in rows])
    write_text(folder / "changes.json", json_text({"schema": 1, "changes": rows}, 1) + "\n")
