"""Write ``results.jsonl`` and the tables of scores, reviews and remarks from the store."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from autograder.grading.store import Record

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula

ADVICE = {
    "malformed": "Ask the student for a notebook that opens, then grade again.",
    "tampered": "Look at what was handed in; a person has to decide.",
    "fault": "Run gradus grade again; if it stays, report it with the message.",
}


def write_exports(folder: Path, records: Iterable[Record]) -> None:
    """Write every export of a results folder, each in one atomic step."""
    lines = list(records)
    _replace(
        folder / "results.jsonl",
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines),
    )
    graded = [line for line in lines if line["status"] == "graded"]
    _write_csv(
        folder / "scores.csv",
        ("assignment", "student", "score", "points"),
        [(each["assignment"], each["student"], each["score"], each["points"]) for each in graded],
    )
    _write_csv(
        folder / "remarks.csv",
        ("assignment", "student", "remark"),
        [
            (each["assignment"], each["student"], remark)
            for each in lines
            for remark in each.get("remarks", [])
        ],
    )
    _write_csv(
        folder / "review.csv",
        ("assignment", "student", "status", "reason", "what to do"),
        [
            (
                *(each[key] for key in ("assignment", "student", "status", "message")),
                ADVICE[each["status"]],
            )
            for each in lines
            if each["status"] != "graded"
        ],
    )


def _write_csv(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    temporary = path.with_suffix(".part")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([tuple(_harmless(value) for value in row) for row in rows])
    temporary.replace(path)


def _harmless(value: object) -> object:
    """Keep a spreadsheet from running a student's name as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _replace(path: Path, text: str) -> None:
    temporary = path.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
