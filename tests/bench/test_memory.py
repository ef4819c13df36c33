"""The sizes of the sandbox's processes are those of the right ones."""

from autograder.sandbox.server import SandboxServer
from bench.memory import sizes


def test_server_and_worker_are_told_apart_and_a_worker_shares_most_of_its_memory():
    with SandboxServer() as server:
        assert "worker" not in sizes()
        with server.spawn(seed=1) as worker:
            worker.run_cell(0, "x = 1")
            found = sizes()
    assert 0 < found["worker"] < found["server"] / 2
    assert found["all"] >= found["worker"]
