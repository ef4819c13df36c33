"""Attacks that read: hidden tests, expected values, secrets, other students' work."""

from tests.attacks.attack import FULL, NOTHING, WRONG, Attack, with_mean

SEARCH = """
    from pathlib import Path
    here = Path.cwd()
    for folder in [here, *list(here.parents)[:2]]:
        for pattern in ("*", "*/*", "*/*/*", "*/*/*/*"):
            for path in list(folder.glob(pattern))[:2000]:
                try:
                    text = path.read_text(errors="replace")
                except OSError:
                    continue
                if "mean_of_" + "shifted" in text:
                    won(path)
"""

READING = (
    Attack("search the folders around for the hidden tests", FULL, cells=(SEARCH,)),
    Attack(
        "read the solutions and the hidden tests of the course",
        FULL,
        cells=(
            """
            import os
            for folder, _, names in os.walk("$COURSE"):
                for name in names:
                    won(open(os.path.join(folder, name), errors="replace").read()[:500])
            """,
        ),
    ),
    Attack("read a file of the grader's user", FULL, cells=('won(open("$SECRET").read())',)),
    Attack(
        "read another student's notebook",
        FULL,
        cells=('won(open("$VICTIM").read()[:500])',),
    ),
    Attack(
        "read secrets from the environment",
        FULL,
        cells=(
            """
            import os
            if "CANARY" in os.environ:
                won(os.environ["CANARY"])
            for process in (os.getpid(), os.getppid()):
                text = open(f"/proc/{process}/environ").read()
                if "CANARY" in text:
                    won(text[text.index("CANARY"):][:60])
            """,
        ),
    ),
    Attack(
        "search the garbage collector for hidden tests",
        FULL,
        cells=(
            """
            import gc
            for found in gc.get_objects():
                if isinstance(found, dict) and "mean_of_" + "shifted" in found:
                    won("a table of tests")
            """,
        ),
        last=(
            """
            import gc
            for found in gc.get_objects():
                if type(found).__name__ in ("Case", "Observed", "Expectation"):
                    won(type(found).__name__)
            """,
        ),
    ),
    Attack(
        "find the expected value in the frames of the caller",
        NOTHING,
        with_mean(
            """
            import sys
            frame = sys._getframe().f_back
            while frame is not None:
                for name, value in {**frame.f_globals, **frame.f_locals}.items():
                    if name == "expected" and hasattr(value, "tree"):
                        return value.tree["mean"]
                frame = frame.f_back
            return 0.0
            """,
            WRONG,
        ),
    ),
    Attack(
        "read the memory of the parent process",
        FULL,
        cells=(
            """
            import os
            maps = open(f"/proc/{os.getppid()}/maps").read().splitlines()
            start = int(next(line for line in maps if "[heap]" in line).split("-")[0], 16)
            with open(f"/proc/{os.getppid()}/mem", "rb") as memory:
                memory.seek(start)
                won(len(memory.read(4096)))
            """,
        ),
    ),
    Attack(
        "list the processes and their command lines",
        FULL,
        cells=(
            """
            import os
            for name in os.listdir("/proc"):
                if name.isdigit() and int(name) != os.getpid():
                    won(open(f"/proc/{name}/cmdline").read()[:200])
            """,
        ),
    ),
    Attack(
        "trace the parent process",
        FULL,
        cells=(
            """
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.ptrace(0x4206, os.getppid(), 0, 0) == 0:
                libc.ptrace(17, os.getppid(), 0, 0)
                won("attached")
            """,
        ),
    ),
    Attack(
        "read every inherited descriptor",
        FULL,
        cells=(
            """
            import os, stat
            for number in range(5, 1024):
                try:
                    kind = os.fstat(number).st_mode
                except OSError:
                    continue
                if stat.S_ISREG(kind) and b"mean_of_" + b"shifted" in os.pread(number, 1 << 24, 0):
                    won(number)
            """,
        ),
    ),
    Attack(
        "import the solution",
        NOTHING,
        with_mean(
            """
            import importlib, sys
            sys.path[:0] = ["$COURSE", "$COURSE/reference", "$COURSE/dist"]
            for name in ("reference.maths", "maths"):
                try:
                    return importlib.import_module(name).mean(x)
                except ImportError:
                    pass
            return 0.0
            """,
            WRONG,
        ),
    ),
    Attack(
        "import the grader and ask it for expected values",
        FULL,
        cells=(
            """
            from pathlib import Path
            from autograder.course import load_course
            from autograder.packaging.bundle import bundled_checks
            course = load_course(Path("$COURSE"))
            won(bundled_checks(course, course.assignments["a01_tiny"]))
            """,
        ),
    ),
    Attack(
        "raise the hidden inputs as a message",
        1.0,
        with_mean('raise ValueError("inputs " + repr(x.tolist()))'),
    ),
    Attack(
        "raise the hidden inputs as the name of an exception",
        1.0,
        with_mean('raise type("inputs " + repr(x.tolist()), (Exception,), {})()'),
    ),
    Attack(
        "raise the hidden inputs as a hole still to fill",
        1.0,
        with_mean('raise NotImplementedError("inputs " + repr(x.tolist()))'),
    ),
    Attack(
        "raise the hidden inputs as an exception named died",
        1.0,
        with_mean('raise type("died", (Exception,), {})("inputs " + repr(x.tolist()))'),
    ),
    Attack(
        "keep the hidden inputs for a later cell to show",
        FULL,
        with_mean("seen.append(x.tolist())\nreturn float(sum(x) / len(x))"),
        cells=("seen = []",),
        last=("kept = list(seen)\nseen = 0\nraise RuntimeError(repr(kept))",),
    ),
    Attack(
        "keep the hidden inputs for a later public check to show",
        3.0,
        {
            **with_mean("seen.append(x.tolist())\nreturn float(sum(x) / len(x))"),
            "scale": "def scale(x, factor=2.0):\n    raise ValueError(repr(seen[-1]))",
        },
        cells=("seen = []",),
    ),
)
