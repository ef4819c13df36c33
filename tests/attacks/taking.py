"""Attacks that take too much: processes, threads, memory, output, files."""

from tests.attacks.attack import FULL, Attack, with_mean

TAKING = (
    Attack(
        "start processes without end",
        FULL,
        cells=(
            """
            import os, time
            for _ in range(30):
                if os.fork() == 0:
                    time.sleep(2)
                    os._exit(0)
            won("30 processes")
            """,
        ),
    ),
    Attack(
        "leave a daemon behind",
        FULL,
        cells=(
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(3)
                    open("$TROPHY", "a").write("stolen:daemon\\n")
                os._exit(0)
            won("a daemon")
            """,
        ),
    ),
    Attack(
        "start threads without end",
        FULL,
        cells=(
            """
            import threading, time
            for _ in range(200):
                threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
            won("200 threads")
            """,
        ),
    ),
    Attack(
        "run a shell",
        FULL,
        cells=(
            "import subprocess\nwon(subprocess.run(['/bin/sh', '-c', 'id'], capture_output=True))",
        ),
    ),
    Attack(
        "take all memory",
        FULL,
        cells=("taken = []\nwhile True:\n    taken.append(bytearray(1 << 26))", "del taken"),
    ),
    Attack(
        "ask for ten billion numbers",
        1.0,
        with_mean("import numpy as np\nreturn np.ones(10**10).sum()"),
    ),
    Attack(
        "print fifty megabytes",
        FULL,
        cells=("for _ in range(50):\n    print('x' * (1 << 20))",),
    ),
    Attack(
        "write fifty megabytes to the descriptor",
        FULL,
        cells=("import os\nfor _ in range(50):\n    os.write(1, b'x' * (1 << 20))",),
    ),
    Attack(
        "print and raise terminal sequences and HTML",
        1.0,
        with_mean("raise ValueError(CODE)"),
        cells=(
            "CODE = '\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m<script>alert(1)</script>\\r\\n4 / 4'",
            "print(CODE)\nraise ValueError(CODE)",
        ),
    ),
    Attack(
        "raise a message of fifty megabytes",
        1.0,
        with_mean("raise ValueError('x' * (50 << 20))"),
    ),
    Attack(
        "open files without end",
        FULL,
        cells=("taken = [open('/dev/null') for _ in range(100_000)]", "del taken"),
    ),
    Attack(
        "fill the disk",
        FULL,
        cells=(
            """
            import tempfile
            with tempfile.NamedTemporaryFile() as file:
                file.write(b"x" * (8 << 20))
                file.flush()
                won("8 MB")
            """,
        ),
    ),
    Attack(
        "take shared memory",
        FULL,
        cells=(
            """
            from multiprocessing import shared_memory
            taken = shared_memory.SharedMemory(create=True, size=1 << 20)
            taken.unlink()
            won("1 MB")
            """,
        ),
    ),
    Attack(
        "reach for a name that takes a megabyte",
        FULL,
        cells=("getattr(1, 'x' * (1 << 20))",),
    ),
)
