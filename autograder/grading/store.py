"""The results store: one atomic SQLite row per submission."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.errors import UsageError

FILE = "results.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    assignment TEXT NOT NULL,
    student TEXT NOT NULL,
    key TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (assignment, student)
) WITHOUT ROWID
"""

Record = dict[str, Any]  # one line of results.jsonl


class Store:
    """The results in one folder.

    A row holds the line of ``results.jsonl`` and the key that says what it was made from, so a
    second run grades only what changed and a killed run loses nothing that it had finished.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / FILE, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA busy_timeout = 10000")
        self._database.execute(SCHEMA)

    @classmethod
    def existing(cls, folder: Path) -> "Store":
        """Open the store of an earlier run.

        Raises
        ------
        UsageError
            If there is none.
        """
        if not (folder / FILE).is_file():
            raise UsageError(f"{folder} holds no results: there is no {FILE} in it")
        return cls(folder)

    def key(self, assignment: str, student: str) -> str | None:
        """Return what the stored result was made from, or None if there is none."""
        row = self._database.execute(
            "SELECT key FROM results WHERE assignment = ? AND student = ?", (assignment, student)
        ).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, record: Record) -> None:
        """Store a result in place of an earlier one of the same student and assignment."""
        line = json.dumps(record, ensure_ascii=False)
        self._database.execute(
            "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)",
            (record["assignment"], record["student"], key, line),
        )

    def records(self) -> Iterator[Record]:
        """Yield every stored result, by assignment and student."""
        rows = self._database.execute("SELECT line FROM results ORDER BY assignment, student")
        for (line,) in rows:
            yield json.loads(line)

    def close(self) -> None:
        """Write everything out and close the file."""
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
