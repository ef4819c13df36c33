"""Attacks that end the process, or never end."""

from tests.attacks.attack import FULL, NOTHING, Attack, with_mean

ENDING = (
    Attack("leave by sys.exit in a cell", FULL, cells=("import sys\nsys.exit(0)",)),
    Attack("leave by sys.exit in an answer", 1.0, with_mean("import sys\nsys.exit(0)")),
    Attack("leave by os._exit in a cell", FULL, cells=("import os\nos._exit(0)",)),
    Attack("leave by os._exit in an answer", 1.0, with_mean("import os\nos._exit(0)")),
    Attack("read address zero", FULL, cells=("import ctypes\nctypes.string_at(0)",)),
    Attack("abort", 1.0, with_mean("import os\nos.abort()")),
    Attack(
        "overflow the stack",
        FULL,
        cells=(
            """
            import sys
            sys.setrecursionlimit(10**9)
            nested = []
            for _ in range(1_000_000):
                nested = [nested]
            repr(nested)
            """,
        ),
    ),
    Attack("kill the parent process", FULL, cells=("import os\nos.kill(os.getppid(), 9)",)),
    Attack("end the process in nine cells", NOTHING, cells=("import os\nos._exit(1)",) * 9),
    Attack("loop for ever in a cell", FULL, cells=("while True: pass",)),
    Attack("loop for ever in an answer", 1.0, with_mean("while True: pass")),
    Attack("loop for ever in C", FULL, cells=("sum(range(10**13))",)),
    Attack(
        "loop for ever in every import",
        1.0,
        with_mean("import colorsys_of_nobody"),
        cells=(
            """
            import sys
            class Finder:
                def find_spec(self, name, path=None, target=None):
                    while name == "colorsys_of_nobody": pass
            sys.meta_path.insert(0, Finder())
            """,
        ),
    ),
    Attack(
        "loop for ever when an object dies",
        1.0,
        with_mean("Endless()\nreturn 0.0"),
        cells=("class Endless:\n    def __del__(self):\n        while True: pass",),
    ),
    Attack(
        "loop for ever in the text of an exception",
        1.0,
        with_mean("raise Endless"),
        cells=("class Endless(Exception):\n    def __str__(self):\n        while True: pass",),
    ),
    Attack(
        "swallow every exception and go on",
        FULL,
        cells=(
            """
            import time
            while True:
                try:
                    time.sleep(3600)
                except BaseException:
                    pass
            """,
        ),
    ),
    Attack(
        "ignore SIGINT, SIGTERM and SIGALRM and go on",
        FULL,
        cells=(
            """
            import signal
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU):
                signal.signal(number, signal.SIG_IGN)
            signal.setitimer(signal.ITIMER_REAL, 0)
            while True: pass
            """,
        ),
    ),
    Attack("wait for input", FULL, cells=("input('your name? ')",)),
    Attack(
        "raise what is not to be caught",
        1.0,
        with_mean("raise KeyboardInterrupt"),
        cells=("raise GeneratorExit",),
    ),
    Attack(
        "close every descriptor",
        FULL,
        cells=("import os\nos.closerange(0, 64)",),
    ),
)
