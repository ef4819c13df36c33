"""The probe that tries to break out, and what it finds where a layer is missing."""

import pytest

from autograder.sandbox import canary
from autograder.sandbox.layers import LANDLOCK, LINUX, SECCOMP, USER
from autograder.sandbox.server import SandboxServer, Unsupported


def found(*without):
    with SandboxServer(preload=(), without=without) as server, server.spawn(0) as worker:
        return set(canary.successes(worker))


def test_nothing_succeeds_in_a_confined_worker(worker):
    assert canary.successes(worker) == []


@pytest.mark.parametrize(
    ("without", "some"),
    [
        ((SECCOMP,), {"open an internet socket", "open a unix socket"}),
        ((LANDLOCK,), {"read a file", "list a folder", "change a file", "make a file"}),
        ((LANDLOCK, SECCOMP), {"make a folder", "make a file"}),
        ((LANDLOCK, SECCOMP, USER), {"open an internet socket", "change a file", "run a program"}),
    ],
    ids=lambda names: ", ".join(sorted(names)),
)
def test_it_really_tries_what_a_missing_layer_prevents(without, some):
    """An attempt that could never succeed would prove nothing when it fails."""
    names = found(*without)
    assert some <= names
    assert all(set(canary.ATTEMPTS[name].stopped_by) <= set(without) for name in names)
    assert not {name for name in names if not canary.ATTEMPTS[name].stopped_by}


def test_without_any_confinement_it_can_do_nearly_everything():
    names = found(LINUX)
    assert {"read a file", "run a program", "signal its server", "open a unix socket"} <= names


@pytest.mark.parametrize("layer", [SECCOMP, LANDLOCK])
def test_a_server_whose_layer_does_not_hold_is_refused(layer):
    """The server leaves a layer out, and the probe is told that nothing is missing."""
    with (
        SandboxServer(preload=(), without=[layer]) as server,
        server.spawn(0) as worker,
        pytest.raises(Unsupported, match=r"was not stopped: it could .*must not run here"),
    ):
        canary.require_refusals(worker, ())


def test_a_refusal_for_another_reason_counts_as_success(worker, monkeypatch):
    monkeypatch.setattr(canary, "ATTEMPTS", {"find": canary.Attempt("open('/usr/lib/nothing')")})
    assert canary.successes(worker) == ["find"]


def test_a_worker_that_dies_was_not_stopped(worker, monkeypatch):
    monkeypatch.setattr(canary, "ATTEMPTS", {"die": canary.Attempt("os._exit(0)")})
    assert canary.successes(worker) == ["die"]


def test_every_layer_but_the_platform_has_an_attempt_that_it_alone_stops_or_shares():
    stopped = {layer for attempt in canary.ATTEMPTS.values() for layer in attempt.stopped_by}
    assert stopped == {SECCOMP, LANDLOCK, USER}
