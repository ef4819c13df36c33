"""Compare scores with stock ``otter run``, submission by submission."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.errors import FaultError, MalformedError
from autograder.grading.intake.submissions import Submission

OTTER_SECONDS = 600.0  # otter itself has no time limit
CLOSE = 1e-6  # scores are sums of floats


@dataclass(frozen=True)
class Comparison:
    """Two scores of one submission, by exercise.

    Attributes
    ----------
    gradus, otter : dict of str to float
        Points by question; empty if it was not graded.
    """

    submission: Submission
    gradus: dict[str, float]
    otter: dict[str, float]

    @property
    def difference(self) -> float:
        """Sum of the absolute differences over all questions."""
        names = self.gradus.keys() | self.otter.keys()
        return sum(abs(self.gradus.get(name, 0.0) - self.otter.get(name, 0.0)) for name in names)

    @property
    def equal(self) -> bool:
        """Whether both graded it, and alike."""
        return bool(self.gradus) == bool(self.otter) and self.difference <= CLOSE


def compare_with_otter(
    submissions: Iterable[Submission],
    gradus: Callable[[Submission], dict[str, float]],
    autograder: Path,
    workers: int,
) -> Iterable[Comparison]:
    """Yield the comparison of each submission, in order.

    Parameters
    ----------
    gradus : callable
        Returns Gradus' points by question; nothing if it was not graded.
    autograder : pathlib.Path
        The zip that stock otter grades by.
    """

    def compare(submission: Submission) -> Comparison:
        return Comparison(submission, gradus(submission), run_otter(submission, autograder))

    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(compare, submissions)


def run_otter(submission: Submission, autograder: Path) -> dict[str, float]:
    """Return stock otter's points by question; nothing if it cannot grade the submission.

    Raises
    ------
    FaultError
        If otter does not run at all.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            notebook = folder / "submission.ipynb"
            notebook.write_bytes(submission.read_bytes())
        except MalformedError:
            return {}
        shutil.copy(autograder, folder / "autograder.zip")
        command = [sys.executable, "-m", "otter", "run", "-a", "autograder.zip", "-o", "."]
        try:
            done = subprocess.run(  # noqa: S603 - our own command
                [*command, notebook.name],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=OTTER_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {}
        results = folder / "results.json"
        if not results.is_file():
            if "No module named" in done.stderr:
                raise FaultError(f"otter does not run here: {done.stderr.strip().splitlines()[-1]}")
            return {}
        return _points(json.loads(results.read_text(encoding="utf-8")))


def _points(results: dict[str, list[dict[str, object]]]) -> dict[str, float]:
    """Return the points of each question in otter's ``results.json``."""
    points = {}
    for test in results["tests"]:
        score = test.get("score")
        if isinstance(score, int | float) and test.get("name") != "Public Tests":
            points[str(test["name"])] = float(score)
    return points
