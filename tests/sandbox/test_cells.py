"""Cells run as in IPython, and nothing they ask of their surroundings has an effect."""

import pytest

from autograder.sandbox.server import WorkerDied


def outcomes(worker, *sources):
    return [worker.run_cell(index, source).outcome for index, source in enumerate(sources)]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# a comment?",
        "x = 1\nx",
        "x = 1; x;",
        "print('text'); import sys; print('more', file=sys.stderr)",
        "display(3); get_ipython(); help(len)",
        "import asyncio\nawait asyncio.sleep(0)",
        "from __future__ import annotations\ndef f(x: Unknown): pass",
        "%matplotlib inline\nx = 1",
        "%config InlineBackend.figure_format = 'retina'",
        "%load_ext autoreload\n%autoreload 2",
        "%load_ext anything",
        "%timeit 1 + 1",
        "%timeit -n 2 -r 2 1 + 1",
        "%%timeit\n1 + 1",
        "%time 1 + 1",
        "%%time\n1 + 1",
        "%%capture out\nprint(1)",
        "%pip install torch",
        "%conda install torch",
        "!pip install torch",
        "!ls; rm -rf /",
        "files = !ls\nassert files == []",
        "%system ls",
        "%sx ls",
        "%ls",
        "%cat /etc/passwd",
        "%%bash\nls",
        "%%sh\nls",
        "%%script perl\nls",
        "%%python\nprint(1)",
        "%%!\nls",
        "get_ipython().system('ls')",
        "assert get_ipython().getoutput('ls') == []",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "len?",
        "len??",
        "?len",
        "%pinfo len",
        "%debug",
        "exit()",
        "%who",
        "  indented = 1\n  indented",
        "def f():\n    !ls\n    return 1\nassert f() == 1",
    ],
)
def test_a_cell_completes(run, source):
    assert run(source).outcome == "completed"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1\nx", "NameError: name 'x' is not defined (line 2)"),
        ("def f():\n    return 1 / 0\n\nf()", "ZeroDivisionError: division by zero (line 2)"),
        ("def f(:", "SyntaxError: invalid syntax (line 1)"),
        ("x = 1\nreturn x", "SyntaxError: 'return' outside function (line 2)"),
        ("%time 1\n1 / 0", "ZeroDivisionError: division by zero (line 2)"),
        ("%%time\n1 / 0", "ZeroDivisionError: division by zero (line 1)"),
        ("%unknown", "UsageError: Line magic function `%unknown` not found. (line 1)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (line 1)"),
        ("import sys\nsys.exit(3)", "SystemExit: 3 (line 2)"),
        ("raise type('Own', (BaseException,), {})('!')", "Own: ! (line 1)"),
        ("input()", "EOFError: EOF when reading a line (line 1)"),
        ("import ipywidgets_", "ModuleNotFoundError: No module named 'ipywidgets_' (line 1)"),
        (
            "from google.colab import drive",
            "ModuleNotFoundError: No module named 'google' (line 1)",
        ),
        ("await 1", "TypeError: object int can't be used in 'await' expression (line 1)"),
    ],
)
def test_a_cell_raises(run, source, message):
    reply = run(source)
    assert reply.outcome == "raised"
    assert reply.message == message
    assert reply.types[0] == message.partition(":")[0].partition(" (")[0]
    assert reply.types[-1] == "BaseException"


def test_the_text_of_an_exception_may_be_hostile(run):
    source = "class Own(Exception):\n    def __str__(self): raise SystemExit\nraise Own"
    assert run(source).message.startswith("Own: (the message of the exception could not be made)")
    assert len(run("raise ValueError('x' * 100_000)").message) < 3000
    assert run("raise ValueError('\\ud800')").message == "ValueError: ? (line 1)"


def test_a_line_is_that_of_the_cell_that_failed(worker):
    worker.run_cell(0, "\n\n\ndef f():\n    return missing")
    assert (
        worker.run_cell(1, "1\nf()").message == "NameError: name 'missing' is not defined (line 2)"
    )


def test_names_and_the_last_value_are_kept_from_cell_to_cell(worker):
    cells = [
        "x = 20",
        "x + 1",
        "_ + 1",
        "assert _ == 22",
        "%time y = 5",
        "assert y == 5 and x == 20",
    ]
    assert set(outcomes(worker, *cells)) == {"completed"}


def test_an_underscore_of_the_students_own_is_not_overwritten(worker):
    cells = ["for _ in range(3): pass", "99", "assert _ == 2"]
    assert set(outcomes(worker, *cells)) == {"completed"}


def test_the_namespace_is_the_main_module(worker):
    cells = [
        "assert __name__ == '__main__'",
        "class Point: pass",
        "import __main__\nassert __main__.Point is Point",
        "def f(): pass",
        "import inspect\nassert inspect.getsource(f) == 'def f(): pass'",
    ]
    assert set(outcomes(worker, *cells)) == {"completed"}


def test_future_statements_hold_in_later_cells(worker):
    cells = ["from __future__ import annotations", "def f(x: Unknown): pass"]
    assert outcomes(worker, *cells) == ["completed", "completed"]


@pytest.mark.parametrize(
    "source",
    [
        "import otter\ngrader = otter.Notebook()\ngrader.check('q1')",
        "import otter\notter.Notebook('hw.ipynb').check_all()",
        "from otter import Notebook\nNotebook().export('x.ipynb', pdf=True, force_save=True)",
        "import otter\nassert repr(otter.Notebook().check('q')) == ''",
    ],
)
def test_otter_answers_and_does_nothing(run, source):
    assert run(source).outcome == "completed"


def test_matplotlib_draws_to_nowhere(run):
    source = """
        import matplotlib.pyplot as plt
        plt.plot([1, 2], label="$x$")
        plt.title("text"); plt.legend(); plt.tight_layout()
        plt.show()
        plt.gcf().canvas.draw()
    """
    assert run(source).outcome == "completed"


def test_modules_that_were_not_preloaded_can_be_imported(run):
    assert run("import scipy.special, sqlite3, this, pandas").outcome == "completed"


def test_output_beyond_the_limit_is_discarded_and_the_code_goes_on(worker):
    reply = worker.run_cell(0, "for _ in range(5): print('x' * 1_000_000)\nafter = 1")
    assert reply.outcome == "output limit"
    assert outcomes(worker, "assert after == 1", "1") == ["completed", "completed"]
    assert worker.output() == b"x" * 1_000_000 + b"\n" + b"x" * ((1 << 20) - 1_000_001)


def test_an_error_says_more_than_its_output(run):
    assert run("print('x' * 5_000_000)\n1 / 0").outcome == "raised"


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.write(1, b'x' * 5_000_000)",
        "import sys\nsys.stdout.close()",
        "import sys\nsys.stdout.detach()",
        "import sys\nsys.stdout = None",
        "import os\nos.close(0), os.close(1), os.close(2)",
    ],
)
def test_what_a_cell_does_to_its_streams_is_its_own_affair(worker, source):
    assert outcomes(worker, source, "x = 1", "x")[1:] == ["completed", "completed"]


def test_both_streams_reach_one_output(worker):
    worker.run_cell(0, "import sys\nprint('one', flush=True)\nsys.stderr.write('two')")
    assert worker.output() == b"one\ntwo"


def test_time_is_up(worker):
    reply = worker.run_cell(0, "x = 1\nwhile True: pass", seconds=0.1)
    assert reply.outcome == "timed out"
    assert reply.message == "TimedOut: the time is up (line 2)"
    assert worker.run_cell(1, "x").outcome == "completed"


def test_time_that_was_exceeded_is_not_hidden_by_the_code(worker):
    source = "try:\n    while True: x = 1\nexcept BaseException:\n    raise ValueError from None"
    assert worker.run_cell(0, source, seconds=0.1).outcome == "timed out"
    source = "try:\n    while True: x = 1\nexcept BaseException:\n    pass"
    assert worker.run_cell(0, source, seconds=0.1).outcome == "timed out"


def test_time_is_up_inside_a_library(worker):
    assert worker.run_cell(0, "import time\ntime.sleep(99)", seconds=0.1).outcome == "timed out"
    source = "import re\nre.match('(a*)*b', 'a' * 60)"
    assert worker.run_cell(1, source, seconds=0.1).outcome == "timed out"


def test_time_is_up_in_a_cell_with_a_magic(worker):
    assert worker.run_cell(0, "%time 1\nwhile True: x = 1", seconds=0.1).outcome == "timed out"


def test_memory_is_limited(worker):
    reply = worker.run_cell(0, "import numpy as np\nnp.ones(10**11)")
    assert reply.outcome == "out of memory"
    assert reply.message.startswith("MemoryError: Unable to allocate 745. GiB")
    assert worker.run_cell(1, "small = np.ones(10)").outcome == "completed"


def test_memory_that_stays_full_can_still_be_reported(worker):
    reply = worker.run_cell(0, "x = []\nwhile True: x.append(bytes(10**6))")
    assert reply.outcome == "out of memory"
    assert worker.run_cell(1, "del x").outcome == "completed"


def test_endless_recursion_is_an_exception(run):
    assert run("def f(): return f()\nf()").types[0] == "RecursionError"


def test_a_source_may_hold_anything(run):
    assert run("\0").outcome == "raised"
    assert run("x = '\ud800'").outcome == "completed"
    assert run("(" * 5000 + ")" * 5000).outcome in {"raised", "out of memory"}


def test_cells_run_in_turn_however_large_they_are(worker):
    large = "text = '" + "ä" * (2 << 20) + "'"  # more than the tree of a frame holds
    sources = [
        "x = 1",
        large,
        "raise KeyError(x)",
        *["x += 1"] * 20,
        "assert (x, len(text)) == (21, 2 << 20)",
    ]
    replies = list(worker.run_cells(enumerate(sources)))
    outcomes = [reply.outcome for reply in replies]
    assert outcomes == ["completed", "completed", "raised", *["completed"] * 21]
    assert replies[2].message == "KeyError: 1 (line 1)"


def test_quick_cells_are_told_of_together_and_none_is_lost(worker):
    sources = [*["x = 1"] * 120, "import time; time.sleep(0.05)", "1 / 0", "x += 1"]
    outcomes = [each.outcome for each in worker.run_cells(enumerate(sources), together=True)]
    assert outcomes == [*["completed"] * 121, "raised", "completed"]
    replies = worker.run_cells(enumerate(["x = 1", "import os; os._exit(3)"]), together=True)
    with pytest.raises(WorkerDied):
        next(replies)


def test_a_clock_that_code_breaks_is_its_own_affair(worker):
    sources = ["import time; time.monotonic = time.time = None", "x = 1"]
    outcomes = [each.outcome for each in worker.run_cells(enumerate(sources), together=True)]
    assert outcomes == ["completed", "completed"]


def test_a_cell_that_ends_the_process_ends_the_turn(worker):
    replies = worker.run_cells(enumerate(["x = 1", "import os; os._exit(3)", "x = 2"]))
    assert next(replies).outcome == "completed"
    with pytest.raises(WorkerDied):
        next(replies)
