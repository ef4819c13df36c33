"""One batch of all attacks and an honest submission beside each, graded by ``gradus grade``."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grading.intake.names import student_name
from autograder.model import Course
from autograder.packaging.bundle import bundled_checks
from tests.attacks.attack import FULL, NOTHING, TROPHY, WRONG, Attack, Places
from tests.conftest import TinyCourse
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

ASSIGNMENT = "a01_tiny"
GRADUS = "import sys; from autograder.cli import main; main()"
LIMITS = """
    limits:
      cell_seconds: 0.8
      check_seconds: 0.8
      submission_seconds: 60
      memory_mb: 512
      output_kb: 64
"""
HANGS_SECONDS = 900  # a batch that takes longer was stopped by an attack

CANARIES = {"file": "canary-of-a-file", "environment": "canary-of-the-environment"}

# Honest work of four kinds: what it hands in, and what that earns.
HONEST: tuple[tuple[dict[str, str], float], ...] = (
    (RIGHT, FULL),
    ({"mean": RIGHT["mean"]}, 3.0),
    ({**WRONG, "scale": RIGHT["scale"]}, 1.0),
    ({}, NOTHING),
)


@dataclass(frozen=True)
class Batch:
    """What became of a batch.

    Attributes
    ----------
    course : Course
        As it was graded by.
    places : Places
        What the attacks were told.
    records : dict of str to dict
        The lines of results.jsonl, by student.
    exit_code : int
        Of ``gradus grade``.
    shown : str
        What it printed.
    """

    course: Course
    places: Places
    records: dict[str, dict]
    exit_code: int
    shown: str

    def score(self, attack: Attack) -> float | None:
        """Return what an attack earned."""
        return self.records[student_of(attack)]["score"]

    def written(self) -> str:
        """Return everything that came out of the grader, as text."""
        exports = [path for path in self.places.results.rglob("*") if path.is_file()]
        texts = [path.read_bytes().decode(errors="replace") for path in sorted(exports)]
        return "\n".join([self.shown, *texts])


def student_of(attack: Attack) -> str:
    """Return the name under which an attack is graded."""
    name = attack.file.rpartition(".")[0] or attack.slug
    return student_name(name)


def honest_name(number: int) -> str:
    """Return the name of the honest student beside an attack."""
    return f"honest-{number}"


def prepare(root: Path) -> tuple[Course, Places, Path]:
    """Build the course with its secrets, and the empty folder of submissions."""
    tiny = TinyCourse(root / "course")
    tiny.edit(
        "grading.yml", "seed: 7", "seed: 7" + "\n".join(line[4:] for line in LIMITS.splitlines())
    )
    course = tiny.build()
    folder = root / "submissions" / ASSIGNMENT
    folder.mkdir(parents=True)
    secret = root / "secret.txt"
    secret.write_text(CANARIES["file"])
    secret.chmod(0o600)
    public = root / "public"
    public.mkdir()
    public.chmod(0o777)
    places = Places(
        course=tiny.root,
        secret=secret,
        victim=folder / f"{honest_name(0)}.ipynb",
        results=root / "results",
        trophy=public / "trophy",
        drop=public / "drop",
        port=0,
        table=public_table(course),
    )
    return course, places, folder


def public_table(course: Course) -> str:
    """Return what ``mean`` returns on its public cases, as code: a student can know it."""
    checks = bundled_checks(course, course.assignments[ASSIGNMENT])["maths.mean"]
    (check,) = (each for each in checks if each.check.public)
    pairs = {each.case.x.tobytes(): each.outcome.tree["mean"] for each in check.expectations}
    return repr(pairs)


def hidden_numbers(course: Course) -> list[str]:
    """Return the expected values of the hidden checks, with six digits."""
    checks = bundled_checks(course, course.assignments[ASSIGNMENT])["maths.mean"]
    (check,) = (each for each in checks if not each.check.public)
    return [f"{each.outcome.tree['mean']:.6g}" for each in check.expectations]


def hidden_inputs(course: Course) -> list[str]:
    """Return the arguments of the hidden calls, as a list prints them."""
    checks = bundled_checks(course, course.assignments[ASSIGNMENT])["maths.mean"]
    (check,) = (each for each in checks if not each.check.public)
    return [repr(float(number)) for each in check.expectations for number in each.case.x + 1]


def got_trophy(batch: Batch, attack: Attack) -> bool:
    """Return whether an attack told what it stole."""
    return TROPHY in str(batch.records[student_of(attack)])


def shows_hidden(batch: Batch, attack: Attack) -> bool:
    """Return whether hidden inputs stand in the record of an attack."""
    shown = str(batch.records[student_of(attack)])
    return any(number in shown for number in hidden_inputs(batch.course))


def run(root: Path, attacks: Sequence[Attack]) -> Batch:
    """Grade attacks and honest work together, by the command."""
    course, places, folder = prepare(root)
    student = notebook(course, ASSIGNMENT)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        places = replace(places, port=listener.getsockname()[1])
        for number in range(len(attacks)):
            answers, _ = HONEST[number % len(HONEST)]
            write(folder / f"{honest_name(number)}.ipynb", submission(student, answers))
        for attack in attacks:
            attack.write(folder, student, places)
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                GRADUS,
                "grade",
                str(folder.parent),
                "--out",
                str(places.results),
            ],
            cwd=places.course,
            env={**os.environ, "CANARY": CANARIES["environment"]},
            capture_output=True,
            check=False,
            timeout=HANGS_SECONDS,
        )
    shown = (done.stdout + done.stderr).decode(errors="replace")
    return Batch(course, places, _records(places.results), done.returncode, shown)


def _records(results: Path) -> dict[str, dict]:
    path = results / "results.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return {line["student"]: line for line in map(json.loads, filter(None, lines))}
