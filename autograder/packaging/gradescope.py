"""Pack Gradus itself for Gradescope: a zip whose container grades confined, as a batch is graded.

Beside the zip of otter, which runs the checks in the student's own process. It holds the sources of
Gradus, the trusted files of one assignment and two scripts; `autograder.container` runs in it.
"""

from pathlib import Path
from typing import Any, Literal

import yaml

from autograder.cases import SECRET_FILE, course_secret
from autograder.config import FILE
from autograder.errors import UsageError
from autograder.fingerprint import PACKAGE
from autograder.model import Assignment, Course
from autograder.packaging.bundle import bundle_files, manifest_path, require_current
from autograder.packaging.otter import zip_bytes

Confinement = Literal["required", "available"]

ZIP = "gradescope.zip"
GRADUS = "gradus"
COURSE = "course"
PROJECT = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")
# Gradescope knows the dates and the students, extensions included; neither travels in a zip.
LEFT_OUT = {"due", "extensions"}

SETUP = f"""\
#!/usr/bin/env bash
# Gradescope runs this once, as root: it makes the environment in which submissions are graded, and
# closes the course to everybody but root.
set -euo pipefail
source=$(dirname "$(realpath "$0")")
home=$(dirname "$source")

apt-get update -qq
apt-get install -y -qq libseccomp2 python3 python3-venv
python=python3
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  apt-get install -y -qq python3.11 python3.11-venv  # as on Ubuntu 22.04
  python=python3.11
fi
"$python" -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet \\
  --constraint "$source/{GRADUS}/constraints.txt" "$source/{GRADUS}"
chmod -R go= "$source"
"""

# Isolated, and away from the submission: what lies beside a notebook is not to be imported.
RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission. What it writes first stays there if grading never ends.
set -euo pipefail
home=$(dirname "$(realpath "$0")")
results=$home/results
mkdir -p "$results"
cat > "$results/.first" <<'END'
{{"output": "This submission was not graded: the grader did not finish. A person will look at it.",
 "output_format": "text", "stdout_visibility": "hidden"}}
END
mv -f "$results/.first" "$results/results.json"
cd /
exec "$home/venv/bin/python" -I -m autograder.container "$home" {confinement}
"""


def write_gradescope(course: Course, assignment: Assignment, confinement: Confinement) -> Path:
    """Write ``gradescope.zip`` beside the bundle of an assignment, and return where it is.

    Building the bundle again removes it, so that it is never older than that.

    Raises
    ------
    UsageError
        If the bundle is missing or old, or Gradus was installed without its sources.
    """
    path = manifest_path(course, assignment).with_name(ZIP)
    path.write_bytes(zip_bytes(gradescope_files(course, assignment, confinement)))
    return path


def gradescope_files(
    course: Course, assignment: Assignment, confinement: Confinement
) -> dict[str, bytes]:
    """Return the files of the zip, by name."""
    require_current(course, assignment)
    return {
        "setup.sh": SETUP.encode(),
        "run_autograder": RUN.format(confinement=confinement).encode(),
        **{f"{GRADUS}/{name}": data for name, data in _sources().items()},
        **{f"{COURSE}/{name}": data for name, data in _course(course, assignment).items()},
    }


def _sources() -> dict[str, bytes]:
    root = PACKAGE.parent
    missing = [name for name in PROJECT if not (root / name).is_file()]
    if missing:
        raise UsageError(
            f"the zip holds the sources of Gradus, and {root} has no {', '.join(missing)}; "
            "run it in a clone, as `make gradescope` does"
        )
    sources = (*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/*"))
    files = [*(root / name for name in PROJECT), *sources]
    return _contents(root, files)


def _course(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return a course of one assignment, whose bundle is current there too."""
    shared = assignment.folder.parent
    common = [shared / "conventions.md", *shared.glob("data/*")]
    reference = (course.root / "reference").glob("*.py")
    files = [*assignment.files, *reference, *(path for path in common if path.is_file())]
    return {
        FILE: _policy(course, assignment),
        SECRET_FILE: course_secret(course.root).encode(),
        **_contents(course.root, files),
        **_contents(course.root, bundle_files(course, assignment)),
    }


def _contents(root: Path, files: list[Path]) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def _policy(course: Course, assignment: Assignment) -> bytes:
    """Return ``grading.yml`` without other assignments, dates and names."""
    policy: dict[str, Any] = yaml.safe_load((course.root / FILE).read_text(encoding="utf-8"))
    policy.pop("roster", None)
    own = policy["assignments"][assignment.name]
    kept = {key: value for key, value in own.items() if key not in LEFT_OUT}
    policy["assignments"] = {assignment.name: kept}
    return yaml.safe_dump(policy, sort_keys=False, allow_unicode=True).encode()
