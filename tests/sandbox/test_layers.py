"""What a machine lacks is found, named and refused: on machines that are made poorer for real."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import layers
from autograder.sandbox.server import Limits, SandboxServer, Unsupported

ROOT = Path(__file__).resolve().parents[2]
DEPRIVE = ROOT / "tests/deprive.py"
PYTHON = sys.executable
# What is missing and whether a server refuses to start; then one without it starts all the same.
REPORT = """
import json
from autograder.sandbox.layers import survey
from autograder.sandbox.server import SandboxServer, Unsupported
gaps = survey()
refusal = ""
try:
    with SandboxServer(preload=()): pass
except Unsupported as error:
    refusal = str(error)
with SandboxServer(preload=(), without=gaps) as server, server.spawn(1) as worker:
    outcome = worker.run_cell(0, "import numpy").outcome
print(json.dumps([gaps, refusal, outcome]))
"""


def report(*before, **environment):
    done = subprocess.run(
        [*map(str, before), PYTHON, "-c", REPORT],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_this_machine_lacks_nothing():
    assert report() == [{}, "", "completed"]


@pytest.mark.parametrize(
    ("layer", "error", "reason", "advice"),
    [
        ("landlock", "ENOSYS", "older than Linux 5.13", "use a newer kernel"),
        ("landlock", "EOPNOTSUPP", "it is turned off", "add landlock to the kernel's parameter"),
        ("landlock", "EPERM", "the container forbids Landlock", "update Docker"),
        ("seccomp", "EINVAL", "Invalid argument", "a kernel with CONFIG_SECCOMP_FILTER"),
    ],
)
def test_a_kernel_without_a_layer(layer, error, reason, advice):
    gaps, refusal, outcome = report(PYTHON, DEPRIVE, layer, error)
    assert gaps.keys() == {layer}
    assert reason in gaps[layer]
    assert advice in gaps[layer]
    assert layer in refusal
    assert outcome == "completed"


@pytest.mark.parametrize(
    ("raised", "reason", "advice"),
    [
        ("ImportError('x')", "pyseccomp is not installed", "pip install pyseccomp"),
        ("RuntimeError('Unable to find libseccomp')", "Unable to find", "Debian and Ubuntu: lib"),
    ],
)
def test_a_machine_without_the_library(tmp_path, raised, reason, advice):
    """A module of the same name stands before the real one."""
    (tmp_path / "pyseccomp.py").write_text(f"raise {raised}\n")
    gaps, refusal, outcome = report(PYTHONPATH=str(tmp_path))
    assert gaps.keys() == {"seccomp"}
    assert reason in gaps["seccomp"]
    assert advice in gaps["seccomp"]
    assert "can't be confined by seccomp" in refusal
    assert outcome == "completed"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can lose its capabilities")
@pytest.mark.parametrize("capability", ["setuid", "setgid"])
def test_root_that_can_not_become_another_user(capability):
    gaps, refusal, outcome = report("setpriv", f"--bounding-set=-{capability}")
    assert gaps.keys() == {"user"}
    assert "run as an ordinary user" in gaps["user"]
    assert refusal == "student code can't be confined by user: root can't become another user"
    assert outcome == "completed"


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(
        ["unshare", "-Ur", PYTHON, "-c", ""], check=False, capture_output=True
    ).returncode,
    reason="there are no user namespaces, or the interpreter is not readable in them",
)
def test_root_of_a_namespace_without_other_users():
    gaps, _, outcome = report("unshare", "-Ur")
    assert gaps.keys() == {"user"}
    assert outcome == "completed"


def test_another_system_lacks_all_of_it(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    gaps = layers.survey()
    assert gaps.keys() == {"linux"}
    assert "this is darwin; use Linux" in gaps["linux"]
    with pytest.raises(Unsupported, match="on Linux only, not darwin"):
        SandboxServer().start()


def test_a_layer_that_is_left_out_is_the_only_one():
    limits = Limits(memory_bytes=256 << 20)
    server = SandboxServer(limits, preload=(), without=["seccomp"])
    with server, server.spawn(1) as worker:
        assert worker.run_cell(0, "import socket\nsocket.socket()").outcome == "completed"
        for source in ("open('/etc/passwd')", "import os\nos.setuid(0)", "import os\nos.fork()"):
            assert worker.run_cell(0, source).outcome == "raised"


def test_a_layer_that_there_is_not_can_not_be_left_out():
    with pytest.raises(ValueError, match=r"there are no layers \['selinux'\]"):
        SandboxServer(without=["selinux"])
