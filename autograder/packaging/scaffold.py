"""``gradus new``: the folder of a new assignment, with one exercise to start from."""

import re
from pathlib import Path

from autograder.course import ASSIGNMENTS, REFERENCE
from autograder.errors import UsageError

NAME = re.compile(r"a\d\d_([a-z][a-z0-9_]*)")

REFERENCE_TEXT = '''\
"""{title}."""

import numpy as np

from reference.arrays import FloatArray


def square(x: FloatArray) -> FloatArray:
    r"""Square each entry.

    .. math:: y_i = x_i^2

    Parameters
    ----------
    x : ndarray of any shape, float64
        Numbers.

    Returns
    -------
    ndarray of the shape of `x`
        Their squares.

    Examples
    --------
    >>> square(np.array([1.0, -2.0]))
    array([1., 4.])
    """
    return x * x
'''

CHECKS_TEXT = '''\
"""{title}: exercises, checks, known mistakes and other right answers."""

from autograder.declare import Case, Exercise, exact

exercise = Exercise("{topic}.square")


def arrays(rng):
    """A vector and a table."""
    for shape in [(3,), (2, 4)]:
        yield Case(x=rng.standard_normal(shape))


@exercise.check(arrays, public=True)
def squares_each_entry(subject, case):
    """Each entry is multiplied by itself."""
    return {{"y": subject.square(**case)}}


@exercise.check(arrays, weight=0.5, judge=exact)
def argument_stays(subject, case):
    """The argument is left as it was."""
    subject.square(**case)
    return {{"x": case.x}}


exercise.mutant("doubled", old="x * x", new="x + x", hint="What is the square of 3?")
exercise.alternative("power", "def square(x):\\n    return x**2")
'''

NOTEBOOK_TEXT = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# {title}

What this notebook is about.

```{{setup}}
```

```{{exercise}} {topic}.square
Write a function that squares each entry of an array.
```
"""

POLICY_TEXT = """\
  {name}:
    title: {title}
    points:
      {topic}.square: 1
"""


def write_assignment(root: Path, name: str) -> list[Path]:
    """Write the files of a new assignment, and its points at the end of ``grading.yml``.

    Raises
    ------
    UsageError
        If the name is not like ``a13_topic``, or something of that name is there already.
    """
    match = NAME.fullmatch(name)
    if match is None:
        raise UsageError(f"{name!r} is no name for an assignment; use one like a13_attention")
    topic = match[1]
    title = topic.replace("_", " ").capitalize()
    folder = root / ASSIGNMENTS / name
    policy = root / "grading.yml"
    files = {
        root / REFERENCE / f"{topic}.py": REFERENCE_TEXT,
        folder / "checks.py": CHECKS_TEXT,
        folder / "notebook.md": NOTEBOOK_TEXT,
    }
    for path in (folder, *files):
        if path.exists():
            raise UsageError(f"{path} is there already; nothing was written")
    text = policy.read_text(encoding="utf-8") if policy.is_file() else ""
    if not re.search(r"^assignments:", text, re.MULTILINE):
        raise UsageError(f"{policy} has no section 'assignments:' to add {name} to")
    for path, template in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.format(name=name, topic=topic, title=title), encoding="utf-8")
    entry = POLICY_TEXT.format(name=name, topic=topic, title=title)
    policy.write_text(text.rstrip("\n") + "\n" + entry, encoding="utf-8")
    return [*files, policy]
