"""Warm servers shared by the tests, and workers of their own."""

import pytest

from autograder.sandbox.server import Limits, SandboxServer

LIMITS = Limits(
    cell_seconds=20,
    check_seconds=20,
    memory_bytes=256 << 20,
    output_bytes=1 << 20,
    frame_bytes=8 << 20,
)


@pytest.fixture(scope="session")
def server():
    with SandboxServer(LIMITS) as started:
        yield started


@pytest.fixture
def worker(server):
    with server.spawn(seed=1) as spawned:
        yield spawned


@pytest.fixture
def run(worker):
    """Run one cell in a worker of its own."""
    return lambda source, **options: worker.run_cell(0, source, **options)
