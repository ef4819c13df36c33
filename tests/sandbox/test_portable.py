"""Workers in interpreters of their own: the same questions, the same answers, and no leftovers."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import portable
from autograder.sandbox.server import Limits, SandboxServer, ServerDied, Unsupported, WorkerDied

LIMITS = Limits(memory_bytes=256 << 20, output_bytes=1 << 16, open_files=32)


@pytest.fixture(scope="module")
def server():
    with SandboxServer(LIMITS, without=["linux"]) as started:
        yield started


@pytest.fixture
def worker(server):
    with server.spawn(seed=1) as spawned:
        yield spawned


def test_cells_calls_callbacks_and_changed_arguments(worker):
    source = "import numpy as np\ndef f(g, x):\n    x[0] = 9\n    print('hi')\n    return g(x) @ x"
    assert worker.run_cell(0, source).outcome == "completed"
    assert worker.run_cell(1, "%timeit -n1 -r1 pass").outcome == "completed"
    x = np.arange(3.0)
    reply = worker.call("f", [lambda a: 2 * a, x])
    assert reply.value == 2 * (81 + 1 + 4)
    assert np.array_equal(reply.changed[1], [9, 1, 2])
    assert worker.output().endswith(b"hi\n")


def test_random_numbers_and_sets_are_those_of_a_confined_worker(server):
    source = (
        "import random, numpy as np\n"
        "def f(): return [random.random(), np.random.rand(), list({str(n) for n in range(50)})]"
    )
    values = []
    with SandboxServer(LIMITS, preload=()) as confined:
        for each in (server, confined):
            with each.spawn(7) as worker:
                worker.run_cell(0, source)
                values.append(worker.call("f").value)
    assert values[0] == values[1]


@pytest.mark.parametrize(
    ("source", "outcome", "detail"),
    [
        ("import os\nos._exit(3)", "crashed", "exit code 3"),
        ("import ctypes\nctypes.string_at(0)", "crashed", "signal 11 (SIGSEGV)"),
        (
            "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: 1",
            "timed out",
            "",
        ),
    ],
)
def test_a_cell_that_ends_its_worker(server, source, outcome, detail):
    with server.spawn(1) as worker, pytest.raises(WorkerDied) as caught:
        worker.run_cell(0, source, seconds=2)
    assert caught.value.outcome == outcome
    assert detail in caught.value.detail


def test_memory_output_and_processes_are_limited(worker):
    worker.run_cell(0, "import numpy as np, resource")
    assert worker.run_cell(1, "np.ones(10**9)").outcome == "out of memory"
    assert worker.run_cell(2, "print('x' * 10**6)").outcome == "output limit"
    assert len(worker.output()) <= LIMITS.output_bytes
    assert (
        worker.run_cell(3, "assert resource.getrlimit(resource.RLIMIT_NPROC) == (0, 0)").message
        == ""
    )


def test_the_secrets_of_our_environment_do_not_reach_a_worker(monkeypatch, server):
    monkeypatch.setenv("GRADUS_SECRET", "hidden")
    with server.spawn(1) as worker:
        worker.run_cell(0, "import os\ndef f(): return sorted(os.environ)")
        assert "GRADUS_SECRET" not in worker.call("f").value


def test_a_worker_writes_to_a_folder_of_its_own_that_does_not_stay(server):
    with server.spawn(1) as worker:
        assert worker.run_cell(0, "import os\nopen('w.txt', 'w').close()").outcome == "completed"
        worker.run_cell(1, "def f(): return os.path.abspath('w.txt')")
        path = Path(worker.call("f").value)
        assert path.exists()
    assert not path.parent.exists()


def test_a_worker_killed_from_outside_is_noticed(server):
    with server.spawn(1) as worker:
        worker.run_cell(0, "import os\ndef f(): return os.getpid()")
        os.kill(worker.call("f").value, signal.SIGKILL)
        with pytest.raises(WorkerDied) as caught:
            worker.call("f")
        assert caught.value.detail == "signal 9 (SIGKILL)"


def test_nothing_is_left_when_the_server_ends():
    server = SandboxServer(LIMITS, without=["linux"])
    server.start()
    folder = server._process._folder
    workers = [server.spawn(n) for n in range(2)]
    server.close()
    assert not folder.exists()
    for worker in workers:
        with pytest.raises((WorkerDied, ServerDied)):
            worker.run_cell(0, "1")
        worker.close()
    with pytest.raises(ServerDied):
        server.spawn(1)


ELSEWHERE = """
import os, resource, signal, socket, sys
from autograder.sandbox import layers, oneshot
from autograder.sandbox.server import Limits, SandboxServer
for module, names in {
    os: ["memfd_create", "pidfd_open", "setresuid", "setresgid"],
    signal: ["pidfd_send_signal"],
    socket: ["SOCK_SEQPACKET", "MSG_CMSG_CLOEXEC"],
    resource: ["RLIMIT_MSGQUEUE", "RLIMIT_MEMLOCK"],
}.items():
    for name in names:
        delattr(module, name)
sys.platform = "darwin"
with SandboxServer(without=layers.survey()) as server, server.spawn(1) as worker:
    worker.run_cell(0, "def f(x): return 2 * x")
    print(worker.call("f", [21]).value)
limits = Limits(open_files=50)
oneshot._lower_limits(limits)
print(resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_it_needs_nothing_that_only_linux_has():
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, check=False
    )
    assert done.stdout == "42\n(50, 50)\n", done.stderr


def test_a_system_that_is_not_even_posix_is_refused(monkeypatch):
    monkeypatch.setattr(portable.os, "name", "nt")
    with pytest.raises(Unsupported, match="can't be run on nt at all"):
        portable.Interpreters(LIMITS)
