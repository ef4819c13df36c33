"""Courses to test on: the real one, built once, and a tiny one that each test may break."""

import os
import shutil
from pathlib import Path
from textwrap import dedent

import pytest
from filelock import FileLock

from autograder.course import load_course
from autograder.packaging.bundle import build_bundle, rebuild, write_bundle
from autograder.parallel import each_assignment

ROOT = Path(__file__).parent.parent

TINY = {
    "grading.yml": """
        course: Tiny
        seed: 7
        assignments:
          a01_tiny:
            title: Tiny
            points:
              maths.mean: 3
              maths.scale: 1
    """,
    "reference/maths.py": '''
        """Sums."""

        import numpy as np
        from numpy.typing import NDArray

        Array = NDArray[np.floating]


        def as_array(x: Array) -> Array:
            """Return an array."""
            return np.asarray(x)


        def mean(x: Array) -> float:
            """Return the mean."""
            x = as_array(x)
            # SOLUTION
            total = x.sum() + 0 * len(x)
            return float(total / len(x))


        def scale(x: Array, factor: float = 2.0) -> Array:
            """Multiply."""
            return factor * x + 0.0
    ''',
    "assignments/a01_tiny/checks.py": '''
        import numpy as np

        from autograder.declare import Case, Exercise, exact, raises


        def vectors(rng):
            for n in (2, 3, 5):
                yield Case(x=rng.standard_normal(n) + 3)


        exercise = Exercise("maths.mean")


        @exercise.check(vectors, weight=2, public=True)
        def mean_of_entries(subject, case):
            """The mean is the sum over the number of entries."""
            return {"mean": subject.mean(**case)}


        @exercise.check(vectors)
        def mean_of_shifted(subject, case):
            """Shifting the entries shifts the mean."""
            return {"mean": subject.mean(case.x + 1)}


        exercise.mutant("sum", old="total / len(x)", new="total", hint="A sum or a mean?")
        exercise.alternative("numpy", "def mean(x):\\n    return np.mean(x)")

        exercise = Exercise("maths.scale")


        @exercise.check(vectors, public=True)
        def scales_by_two(subject, case):
            """By default each entry is doubled."""
            return {"y": subject.scale(**case)}


        exercise.mutant("forgotten", old="factor * x", new="x", hint="What is the factor for?")
        exercise.alternative("swapped", "def scale(x, factor=2.0):\\n    return x * factor")
    ''',
    "assignments/a01_tiny/equivalent.yml": """
        maths.mean:
          - mutant: "maths.mean: operation * -> / at `total = x.sum() + 0 * len(x)`"
            reason: Zero times or over anything is zero.
          - mutant: "maths.mean: operation + -> - at `total = x.sum() + 0 * len(x)`"
            reason: Zero added or taken away is the same.
          - mutant: "maths.mean: term without * len(x) at `total = x.sum() + 0 * len(x)`"
            reason: Zero times anything is zero.
          - mutant: "maths.mean: term without + 0 * len(x) at `total = x.sum() + 0 * len(x)`"
            reason: Zero may be left out.
        maths.scale:
          - mutant: "maths.scale: operation + -> - at `return factor * x + 0.0`"
            reason: Zero added or taken away is the same.
          - mutant: "maths.scale: term without + 0.0 at `return factor * x + 0.0`"
            reason: Zero may be left out.
    """,
    "assignments/a01_tiny/notebook.md": """
        # Tiny

        Text.

        ```{setup}
        ```

        ```{exercise} maths.mean
        Write the mean.
        ```

        ```{exercise} maths.scale
        Write the scaling.
        ```
    """,
}


@pytest.fixture(autouse=True, scope="session")
def secret():
    """Hidden cases that are the same in every process of a test run."""
    os.environ.setdefault("GRADUS_SECRET", "a secret of the tests")


class TinyCourse:
    """A course on disk whose files a test may edit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in TINY.items():
            self.write(name, dedent(text).lstrip())

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> Path:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        return self.write(name, text.replace(old, new, 1))

    def load(self):
        return load_course(self.root)

    def build(self):
        course = self.load()
        for assignment in course.assignments.values():
            write_bundle(course, build_bundle(course, assignment))
        return course


@pytest.fixture
def tiny(tmp_path):
    return TinyCourse(tmp_path / "tiny")


@pytest.fixture(scope="session")
def course():
    """The real course, as it stands in this repository."""
    return load_course(ROOT)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A copy of the real course with its bundles built, once for all processes of a test run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    root, done = folder / "course", folder / "course-is-built"
    with FileLock(folder / "course.lock"):
        if not done.exists():
            for name in ("reference", "assignments"):
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, root / name, ignore=ignored)
            shutil.copy(ROOT / "grading.yml", root)
            course = load_course(root)
            list(each_assignment(course, list(course.assignments), rebuild, os.cpu_count() or 1))
            done.touch()
    return load_course(root)
