"""The results store: one atomic SQLite row per submission."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import UnwritableError, UsageError
from autograder.grading.records import Entry, Pictures, Record, read_json

FILE = "results.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    assignment TEXT NOT NULL,
    student TEXT NOT NULL,
    key TEXT NOT NULL,
    line TEXT NOT NULL,
    fingerprints TEXT,
    pictures TEXT,
    PRIMARY KEY (assignment, student)
) WITHOUT ROWID
"""
LATER = ("fingerprints", "pictures")  # columns that a store of an earlier version lacks


class Store:
    """The results in one folder.

    A row holds the line of ``results.jsonl`` and the key that says what it was made from, so a
    second run grades only what changed and a killed run loses nothing that it had finished.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.

    Raises
    ------
    UnwritableError
        If a result cannot be stored; those before it are.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        with self._writing():
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            # Killed processes lose nothing; when the power fails, the last results are graded anew.
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute("PRAGMA busy_timeout = 10000")
            self._database.execute(SCHEMA)
            self._migrate()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say in one sentence why something can't be written."""
        try:
            yield
        except OSError as error:
            raise UnwritableError(self._path, error.strerror or str(error)) from error
        except sqlite3.DatabaseError as error:
            raise UnwritableError(self._path, str(error)) from error

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

    def _migrate(self) -> None:
        """Give a store of an earlier version the columns that it lacks."""
        columns = {row[1] for row in self._database.execute("PRAGMA table_info(results)")}
        for name in LATER:
            if name not in columns:
                try:
                    self._database.execute(f"ALTER TABLE results ADD COLUMN {name} TEXT")
                except sqlite3.OperationalError as error:
                    if "duplicate column" not in str(error):  # another process was faster
                        raise

    def key(self, assignment: str, student: str) -> str | None:
        """Return what the stored result was made from, or None if there is none."""
        row = self._database.execute(
            "SELECT key FROM results WHERE assignment = ? AND student = ?", (assignment, student)
        ).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, entry: Entry) -> None:
        """Store a result in place of an earlier one of the same student and assignment.

        Parameters
        ----------
        key : str
            What the result was made from.
        """
        with self._writing():
            self._database.execute(
                "INSERT OR REPLACE INTO results "
                "(key, assignment, student, line, fingerprints, pictures) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (key, *entry),
            )

    def pictures(self, assignment: str, student: str) -> Pictures:
        """Return what shows the mistakes of a submission, by exercise and check."""
        row = self._database.execute(
            "SELECT pictures FROM results WHERE assignment = ? AND student = ?",
            (assignment, student),
        ).fetchone()
        return dict(read_json(row[0])) if row and row[0] else {}

    def records(self) -> Iterable[Record]:
        """Return every stored result, by assignment and student, read anew by each loop."""
        return _Records(self)

    def lines(self) -> Iterator[str]:
        """Yield every stored result as a line of ``results.jsonl``, by assignment and student."""
        rows = self._database.execute("SELECT line FROM results ORDER BY assignment, student")
        for (line,) in rows:
            yield line

    def places(self) -> list[tuple[str, str]]:
        """Return the assignment and the student of every result."""
        rows = self._database.execute(
            "SELECT assignment, student FROM results ORDER BY assignment, student"
        )
        return [(assignment, student) for assignment, student in rows]

    def record(self, assignment: str, student: str) -> Record:
        """Return one stored result, which is there."""
        row = self._database.execute(
            "SELECT line FROM results WHERE assignment = ? AND student = ?", (assignment, student)
        ).fetchone()
        return dict(read_json(row[0]))

    def unknown_mistakes(self) -> dict[tuple[str, str, str], list[str]]:
        """Return who made each mistake that nothing explains.

        Returns
        -------
        dict
            Students in order, by (assignment, exercise, fingerprint).
        """
        students: dict[tuple[str, str, str], list[str]] = {}
        rows = self._database.execute(
            "SELECT assignment, student, fingerprints FROM results "
            "WHERE fingerprints IS NOT NULL ORDER BY assignment, student"
        )
        for assignment, student, fingerprints in rows:
            for exercise, fingerprint in read_json(fingerprints).items():
                students.setdefault((assignment, exercise, fingerprint), []).append(student)
        return students

    def close(self) -> None:
        """Write everything out and close the file."""
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class _Records(Iterable[Record]):
    """All results in a store; only one of them is in memory at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __iter__(self) -> Iterator[Record]:
        return map(read_json, self._store.lines())
