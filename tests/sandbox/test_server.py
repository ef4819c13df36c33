"""Workers that die, workers that lie, and a server that dies."""

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from autograder.sandbox import parents, processes
from autograder.sandbox.server import Limits, SandboxServer, ServerDied, Unsupported, WorkerDied

SPEAK = """
import gc, os
from autograder.sandbox.codec import encode
from autograder.sandbox.wire import _HEADER
from autograder.sandbox.worker import Worker
me = next(o for o in gc.get_objects() if isinstance(o, Worker))
def say(nonce, payload): os.write(3, _HEADER.pack(b"GRW1", nonce, len(payload)) + payload)
def lie(reply, **more): say(me._nonce, encode({"outcome": "completed", "message": "", "changed": {}, "value": encode(1), **reply}))
"""


@pytest.mark.parametrize(
    ("source", "outcome", "detail"),
    [
        ("import os\nos._exit(3)", "crashed", "exit code 3"),
        ("import os\nos._exit(0)", "crashed", "exit code 0"),
        ("import ctypes\nctypes.string_at(0)", "crashed", "signal 11 (SIGSEGV)"),
        ("import os\nos.abort()", "crashed", "signal"),
        ("import os\nos.close(3)", "crashed", "exit code"),
        ("import os\nos.write(3, b'x' * 100)", "protocol", "no frame"),
        ("import os\nos.write(3, b'GRW1' + b'\\xff' * 16)", "protocol", "no frame"),
    ],
)
def test_a_cell_that_ends_its_worker(worker, source, outcome, detail):
    with pytest.raises(WorkerDied) as caught:
        worker.run_cell(0, source)
    assert caught.value.outcome == outcome
    assert detail in caught.value.detail
    with pytest.raises(WorkerDied, match=outcome):
        worker.run_cell(1, "1")
    worker.close()


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    while True: x = 1\nwhile True:\n    try: f()\n    except BaseException: pass",
        "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: x = 1",
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: x = 1",
        "import time\nwhile True:\n    try: time.sleep(100)\n    except BaseException: pass",
        "sum(range(10**12))",
    ],
)
def test_code_that_does_not_stop_is_killed(worker, source):
    with pytest.raises(WorkerDied) as caught:
        worker.run_cell(0, source, seconds=0.1)
    assert caught.value.outcome == "timed out"
    assert worker.close() == "signal 9 (SIGKILL)"


def test_processor_time_is_a_backstop():
    limits = Limits(cpu_seconds=1, cell_seconds=60)
    with SandboxServer(limits, preload=()) as server, server.spawn(1) as worker:
        with pytest.raises(WorkerDied) as caught:
            worker.run_cell(0, "while True: x = 1")
        assert caught.value.outcome in {"timed out", "out of memory"}


def test_a_worker_killed_by_the_kernel_ran_out_of_memory(server):
    with server.spawn(1) as worker:
        worker.run_cell(0, "import os\ndef f(): return os.getpid()")
        pid = worker.call("f").value
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkerDied) as caught:
            worker.call("f")
        assert (caught.value.outcome, caught.value.detail) == (
            "out of memory",
            "signal 9 (SIGKILL)",
        )


@pytest.mark.parametrize(
    "lie",
    [
        "say(me._nonce, b'')",
        "say(me._nonce, b'x' * 50)",
        "say(me._nonce, encode([1]))",
        "say(me._nonce, encode({}))",
        "say(me._nonce, encode({'op': 'callback'}))",
        "say(me._nonce, encode({'op': 'callback', 'id': 99, 'args': [], 'kwargs': {}}))",
        "lie({'outcome': 'graded'})",
        "lie({'outcome': ['completed']})",
        "lie({'message': 3})",
        "lie({'types': [3]})",
        "lie({'value': b'x'})",
        "lie({'value': 3})",
        "lie({'changed': {5: encode(1)}})",
        "lie({'changed': [1]})",
        "lie({'changed': {0: 'x'}})",
    ],
)
def test_nonsense_ends_a_worker_and_nothing_else(server, lie):
    with server.spawn(1) as worker:
        assert worker.run_cell(0, SPEAK).message == ""
        worker.run_cell(1, f"def f(x):\n    {lie}\n    import time; time.sleep(60)")
        with pytest.raises(WorkerDied) as caught:
            worker.call("f", [1])
        assert caught.value.outcome == "protocol"


def test_a_forged_answer_is_worth_a_returned_value(worker):
    worker.run_cell(0, SPEAK)
    worker.run_cell(1, "def f():\n    lie({'value': encode(42)})\n    import os; os._exit(0)")
    assert worker.call("f").value == 42
    with pytest.raises(WorkerDied):
        worker.call("f")


def test_answers_of_another_exchange_are_discarded(worker):
    worker.run_cell(0, SPEAK)
    worker.run_cell(1, "def f():\n    for n in range(3): say(n, encode({}))\n    return 5")
    assert worker.call("f").value == 5


def test_a_cell_can_not_answer_for_a_later_call(worker):
    worker.run_cell(0, SPEAK)
    worker.run_cell(1, "say(me._nonce + 1, encode({'outcome': 'completed'}))\ndef f(): return 5")
    assert worker.call("f").value == 5


def test_a_result_larger_than_a_frame_is_never_received(worker):
    worker.run_cell(0, SPEAK)
    worker.run_cell(1, "def f():\n    os.write(3, _HEADER.pack(b'GRW1', me._nonce, 1 << 40))")
    with pytest.raises(WorkerDied, match="protocol"):
        worker.call("f")


def test_the_server_outlives_its_workers(server):
    for _ in range(5):
        with server.spawn(1) as worker, pytest.raises(WorkerDied):
            worker.run_cell(0, "import os\nos._exit(1)")
    with server.spawn(1) as worker:
        assert worker.run_cell(0, "1").outcome == "completed"


def test_workers_can_be_used_from_several_threads(server):
    values = {}

    def work(number):
        with server.spawn(number) as worker:
            worker.run_cell(0, f"def f(x): return x + {number}")
            values[number] = [worker.call("f", [n]).value for n in range(20)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == {number: [n + number for n in range(20)] for number in range(6)}


def test_a_dead_server_is_a_fault_of_ours():
    with SandboxServer(preload=()) as server:
        worker = server.spawn(1)
        server._process._process.kill()
        server._process._process.wait()
        with pytest.raises(ServerDied):
            server.spawn(1)
        with pytest.raises((ServerDied, WorkerDied)):
            worker.run_cell(0, "1")
        worker.close()


def test_workers_end_with_their_server():
    server = SandboxServer(preload=())
    server.start()
    worker = server.spawn(1)
    server.close()
    assert worker.close() == "ended with the server"
    with pytest.raises(ServerDied):
        server.spawn(1)


def test_the_server_ends_with_its_parent(tmp_path):
    script = (
        "import os, sys\n"
        "from autograder.sandbox.server import SandboxServer\n"
        "server = SandboxServer(preload=()); server.start(); worker = server.spawn(1)\n"
        "print(server._process._process.pid, worker._exchange._pid, flush=True)\n"
        "os._exit(0)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},  # it has no time to remove its folder
    )
    for pid in map(int, result.stdout.split()):
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        assert processes.wait_for_exit(descriptor, 30)
        os.close(descriptor)


def test_a_server_that_can_not_start_says_why(monkeypatch):
    monkeypatch.setattr(parents, "_ENVIRONMENT", {"PYTHONHOME": "/nonexistent"})
    with pytest.raises(ServerDied, match="encodings"):
        SandboxServer(preload=()).start()


def test_only_linux_is_supported(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Unsupported, match="Linux only"):
        SandboxServer().start()


def test_a_module_that_can_not_be_preloaded_is_reported():
    with SandboxServer(preload=("no_such_module",)) as server:
        assert "no_such_module" in server.not_imported["no_such_module"]


def test_the_server_has_one_thread_and_warns_of_nothing(server):
    with server.spawn(1) as worker:
        worker.run_cell(0, "import numpy as np\ndef f(a): return a @ a")
        a = np.ones((300, 300))
        assert np.array_equal(worker.call("f", [a]).value, a @ a)
    errors = server._process._errors
    errors.seek(0)
    assert errors.read() == b""
    assert server._process.state["threads"] == 1


def test_sets_of_strings_have_one_order_in_all_servers():
    orders = []
    for _ in range(2):
        with SandboxServer(preload=()) as server, server.spawn(1) as worker:
            worker.run_cell(0, "def f(): return list({str(n) for n in range(50)})")
            orders.append(worker.call("f").value)
    assert orders[0] == orders[1]


@pytest.mark.parametrize("name", ["cell_seconds", "memory_bytes", "output_bytes", "frame_bytes"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_limits_are_positive(name, value):
    with pytest.raises(ValueError, match=name):
        Limits(**{name: value})
