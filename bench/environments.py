"""What the systems run in: a clean environment for each, and a description of the machine."""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from autograder.errors import FaultError

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "bench"
HOME = FOLDER / "home"
COURSE_NEEDS = ("numpy", "matplotlib", "ipykernel")

# One thread for linear algebra, as in the sandbox: more of them cost time on arrays this small.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": str(HOME),
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def scripts(package: str) -> Path:
    """Return the ``bin`` of an environment with a grader and what the course needs, no more.

    It is made when first needed.

    Raises
    ------
    FaultError
        If it cannot be installed.
    """
    folder = FOLDER / "environments" / package
    ready = folder / ".ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        words: list[str | Path] = [folder / "bin/python", "-m", "pip", "install", "--quiet"]
        words += ["--constraint", ROOT / "constraints.txt", package, *COURSE_NEEDS]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise FaultError(f"{package} cannot be installed: {done.stderr.strip()[-500:]}")
        ready.write_text(_version(folder / "bin/python", package), encoding="utf-8")
    return folder / "bin"


def _version(python: Path, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}), end='')"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def activated(folder: Path) -> dict[str, str]:
    """Return the variables with which the commands of an environment find each other."""
    return {**ENVIRONMENT, "PATH": f"{folder}{os.pathsep}{ENVIRONMENT['PATH']}"}


def warm_up(folder: Path) -> None:
    """Let an environment write its caches: byte code, and the list of fonts."""
    HOME.mkdir(parents=True, exist_ok=True)
    code = "import matplotlib.pyplot, ipykernel"
    subprocess.run([folder / "python", "-c", code], env=activated(folder), check=True)


def machine() -> dict[str, str]:
    """Describe what the measurements were made on."""
    graders = {
        package: (FOLDER / "environments" / package / ".ready").read_text(encoding="utf-8")
        for package in ("otter-grader", "nbgrader")
        if (FOLDER / "environments" / package / ".ready").exists()
    }
    libraries = {name: version(name) for name in ("numpy", "matplotlib", "IPython")}
    return {
        "Processor": _processor(),
        "Cores": str(len(os.sched_getaffinity(0))),
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GB",
        "Kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Packages": ", ".join(f"{name} {each}" for name, each in {**libraries, **graders}.items()),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
