"""Draw the cases of a check from a seed that names its purpose."""

import hashlib
import os
import secrets
from pathlib import Path

import numpy as np

from autograder.model import Case, Check, Exercise

SECRET_FILE = ".gradus-secret"  # noqa: S105 - a file name


def draw_cases(seed: int, secret: str, exercise: Exercise, check: Check) -> tuple[Case, ...]:
    """Return the cases of a check; those of a hidden check depend on the secret too.

    Parameters
    ----------
    seed : int
        The course's seed, from ``grading.yml``.
    secret : str
        What makes hidden cases unpredictable for a reader of the repository.
    """
    purpose = f"{seed}|{exercise.name}|{check.name}" + ("" if check.public else f"|{secret}")
    entropy = int.from_bytes(hashlib.sha256(purpose.encode()).digest())
    return tuple(check.cases(np.random.default_rng(entropy)))


def course_secret(root: Path) -> str:
    """Return ``GRADUS_SECRET``, or else the value in an ignored file made on first use."""
    given = os.environ.get("GRADUS_SECRET")
    if given:
        return given
    path = root / SECRET_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        secret = secrets.token_hex(16)
        file.write(secret + "\n")
    return secret
