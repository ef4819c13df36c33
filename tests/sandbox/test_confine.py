"""What a worker may not do, tried from inside; as this user, and as an ordinary one."""

import mmap
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import confine, kernel, syscalls
from autograder.sandbox.server import SandboxServer

HERE = Path(__file__).resolve()
ORDINARY = 1000
AS_EVERYBODY = ("confine", "canary", "layers", "portable")
CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
assert libc.syscall({}) == -1
raise OSError(ctypes.get_errno(), "refused")
"""

ATTACKS = {
    "fork": "import os\nos.fork()",
    "vfork and exec": "import subprocess\nsubprocess.run(['/bin/true'])",
    "shell": "import os\nassert os.system('true') != 0\nraise PermissionError",
    "exec": "import os\nos.execv('/bin/true', ['true'])",
    "thread": "import threading\nthreading.Thread(target=print).start()",
    "multiprocessing": "import multiprocessing\nmultiprocessing.Process(target=print).start()",
    "internet socket": "import socket\nsocket.socket()",
    "unix socket": "import socket\nsocket.socket(socket.AF_UNIX).connect('/run/x')",
    "internet": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/', timeout=1)",
    "kill the server": "import os\nos.kill(os.getppid(), 9)",
    "kill everyone": "import os\nos.kill(-1, 9)",
    "read the users": "open('/etc/passwd')",
    "read the users around a corner": "open('/usr/lib/../../etc/passwd')",
    "read the repository": f"open({str(HERE)!r})",
    "list the repository": f"import os\nos.listdir({str(HERE.parent)!r})",
    "list the root": "import os\nos.listdir('/')",
    "list processes": "import os\nos.listdir('/proc')",
    "read its own memory": "open('/proc/self/mem', 'rb')",
    "read the server's memory": "import os\nopen(f'/proc/{os.getppid()}/mem', 'rb')",
    "write here": "open('x.txt', 'w')",
    "write for all": "open('/tmp/gradus-attack', 'w')",
    "write beside a library": "import numpy\nopen(numpy.__file__ + 'x', 'w')",
    "change a library": "import numpy\nopen(numpy.__file__, 'a')",
    "temporary file": "import tempfile\ntempfile.TemporaryFile()",
    "change a mode": "import os, numpy\nos.chmod(numpy.__file__, 0o777)",
    "remove a file": "import os, numpy\nos.unlink(numpy.__file__)",
    "make a folder": "import os\nos.mkdir('/tmp/gradus-attack')",
    "become root": "import os\nos.setuid(0)",
    "change a limit": "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))",
    "shared memory": "from multiprocessing import shared_memory\nshared_memory.SharedMemory(create=True, size=9)",
    "anonymous file": "import os\nos.memfd_create('x')",
}
REFUSALS = {
    "FileNotFoundError",
    "OSError",
    "PermissionError",
    "RuntimeError",
    "URLError",
    "ValueError",
}
FORBIDDEN_CALLS = {  # numbers and arguments on x86-64
    "ptrace": "101, 0, 0, 0, 0",
    "prctl": "157, 4, 1, 0, 0, 0",
    "setrlimit": "160, 7, 0",
    "keyctl": "250, 0, 0, 0, 0, 0",
    "unshare": "272, 0x10000000",
    "open_by_handle_at": "304, 0, 0, 0",
    "setns": "308, 0, 0",
    "process_vm_readv": "310, 0, 0, 0, 0, 0, 0",
    "bpf": "321, 0, 0, 0",
    "io_uring_setup": "425, 1, 0",
    "pidfd_open": "434, 1, 0",
    "pidfd_getfd": "438, 0, 0, 0",
}


def test_this_machine_has_every_layer(server):
    assert server.notes == {}
    assert server.not_imported == {}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused(run, name):
    reply = run(ATTACKS[name])
    assert reply.outcome == "raised"
    assert reply.types[0] in REFUSALS, reply.message
    assert not Path("/tmp/gradus-attack").exists()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86-64")
@pytest.mark.parametrize("name", FORBIDDEN_CALLS)
def test_a_forbidden_system_call_is_refused(run, name):
    reply = run(CALL.format(FORBIDDEN_CALLS[name]))
    assert reply.types[0] == "PermissionError", reply.message


@pytest.mark.parametrize(
    "source",
    [
        "import os\nassert os.getuid() == os.geteuid() != 0",
        "import os\nassert os.getuid() != 65534 or os.getgroups() == []",
        "import os\nassert os.getsid(0) == os.getpid() == os.getpgrp()",
        "import os\nassert not {'GRADUS_SECRET', 'PATH', 'PYTHONHASHSEED'} & os.environ.keys()",
        "import resource\nassert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)",
        "import resource\nassert resource.getrlimit(resource.RLIMIT_NPROC) == (0, 0)",
        "import ctypes\nassert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == -1",  # it can't even ask
        "import gc\nassert gc.isenabled()",
    ],
)
def test_a_worker_is_an_unprivileged_leader_of_its_own_session(run, source):
    assert run(source).message == ""


def test_the_kernel_says_the_same_of_a_worker(worker):
    lines = Path(f"/proc/{worker._exchange._pid}/status").read_text().splitlines()
    status = {name: value.split() for name, value in (line.split(":", 1) for line in lines)}
    assert status["NoNewPrivs"] == ["1"]
    assert status["Seccomp"] == ["2"]  # filtered
    assert status["Threads"] == ["1"]
    reading = 1 << kernel.CAP_DAC_READ_SEARCH | 1 << kernel.CAP_DAC_OVERRIDE
    assert not int(status["CapEff"][0], 16) & ~reading
    assert status["CapEff"] == status["CapPrm"]
    assert "0" not in status["Uid"] + status["Gid"] + status["Groups"]


def test_a_worker_that_is_closed_is_gone(server):
    worker = server.spawn(1)
    pid = worker._exchange._pid
    worker.close()
    assert not Path(f"/proc/{pid}").exists()


def test_a_worker_sees_nothing_of_a_submission_beside_it(server):
    """Two workers at once: one prints and defines, the other looks for it."""
    with server.spawn(1) as first, server.spawn(1) as second:
        first.run_cell(
            0, "answer = 42\nprint('the answer')\nimport os\ndef me(): return os.getpid()"
        )
        pid = first.call("me").value
        for path in (f"/proc/{pid}/fd/1", f"/proc/{pid}/mem", f"/proc/{pid}/cmdline"):
            assert second.run_cell(0, f"open({path!r})").types[:1] == ("PermissionError",)
        assert second.run_cell(1, "answer").types[0] == "NameError"
        assert second.run_cell(2, f"import os\nos.kill({pid}, 9)").types[0] == "PermissionError"
        assert second.output() == b""
        assert first.call("me").value == pid


def test_a_worker_holds_no_descriptor_but_its_own(worker):
    worker.run_cell(
        0,
        "import os\nopen_ones = []\nfor n in range(4, 256):\n    try: os.fstat(n)\n    except OSError: continue\n    open_ones.append(n)",
    )
    worker.run_cell(1, "def f(): return open_ones")
    assert worker.call("f").value == []


def test_a_worker_holds_no_module_of_the_trusted_side(worker):
    worker.run_cell(
        0, "import sys\ndef f(): return [m for m in sys.modules if m.startswith('autograder')]"
    )
    loaded = set(worker.call("f").value)
    parts = "cells codec confine copies groups guard handles inert kernel leaves limits lowering nodes plans quiet raising streams wire worker zygote"
    assert loaded <= {
        "autograder",
        "autograder.sandbox",
        *(f"autograder.sandbox.{part}" for part in parts.split()),
    }
    worker.run_cell(1, "import autograder.sandbox.server as trusted")
    assert worker.run_cell(2, "trusted").outcome == "raised"


def test_the_secrets_of_our_environment_do_not_reach_a_worker(monkeypatch):
    monkeypatch.setenv("GRADUS_SECRET", "hidden")
    monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent")
    with SandboxServer(preload=()) as server, server.spawn(1) as worker:
        worker.run_cell(0, "import os\ndef f(): return sorted(os.environ)")
        names = {
            "HOME",
            "LANG",
            "MKL_NUM_THREADS",
            "MPLBACKEND",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
        }
        assert set(worker.call("f").value) <= names | {"LC_CTYPE"}


def test_the_user_changes_after_the_limits_and_before_the_death_signal():
    names = [layer.__name__ for layer in confine.LAYERS]
    assert names[0] == "move_descriptors"
    assert (
        names.index("limit_resources") < names.index("change_user") < names.index("follow_server")
    )
    assert names[-1] == "restrict_files"


def test_no_listed_call_starts_or_reaches_another_process():
    forbidden = {
        "clone",
        "clone3",
        "fork",
        "vfork",
        "execve",
        "execveat",
        "kill",
        "tkill",
        "tgkill",
    }
    forbidden |= {"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd"}
    forbidden |= {"socket", "connect", "bind", "sendmsg", "shmget", "memfd_create", "prctl", "bpf"}
    forbidden |= {"unshare", "setns", "mount", "seccomp", "io_uring_setup", "open_by_handle_at"}
    forbidden |= {"chmod", "fchmod", "unlink", "rename", "mkdir", "setuid", "setresuid", "capset"}
    assert not forbidden & set(syscalls.ALLOWED)
    assert len(syscalls.compile_filter()) % 8 == 0


def test_solutions_beside_an_editable_installation_are_not_readable():
    root = HERE.parents[2]
    readable = [path.resolve() for path in confine.readable_paths(Path("/nonexistent"))]
    assert not any(root.is_relative_to(path) for path in readable)
    assert not any((root / "reference").is_relative_to(path) for path in readable)


def test_the_other_layers_hold_without_a_filter():
    with SandboxServer(preload=(), without=["seccomp"]) as server, server.spawn(1) as worker:
        for attack in ("fork", "thread", "read the repository", "kill the server", "become root"):
            assert worker.run_cell(0, ATTACKS[attack]).outcome == "raised"
        late = worker.run_cell(1, "import this").types
        assert late[:1] == (("ModuleNotFoundError",) if "imports" in server.notes else ())


def test_a_ruleset_needs_landlock():
    assert kernel.landlock_version() >= 1
    os.close(kernel.make_ruleset([Path("/nonexistent"), Path("/usr/lib")], [Path("/dev/null")]))


def test_memory_in_large_pages_holds_what_it_held():
    memory = mmap.mmap(-1, 8 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for page in range(0, len(memory), mmap.PAGESIZE):
        memory[page] = page // mmap.PAGESIZE % 251
    before = memory[:]
    kernel.collapse_memory()
    assert memory[:] == before


@pytest.mark.skipif(
    os.geteuid() != 0, reason="the other tests of this file ran as an ordinary user"
)
def test_all_of_this_holds_for_an_ordinary_user():
    """Run these files again as one; it may read the interpreter, wherever it is installed."""
    setpriv = shutil.which("setpriv")
    assert setpriv is not None, "setpriv of util-linux is needed to become an ordinary user"
    user = [f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups"]
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    files = [str(HERE.with_name(f"test_{name}.py")) for name in AS_EVERYBODY]
    pytest_again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    result = subprocess.run(
        [setpriv, *user, *reading, *pytest_again],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parents[2],
        env={**os.environ, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]
    # This one, two about root without its capabilities, and perhaps the one about namespaces.
    assert re.search(r" passed, [34] skipped", result.stdout), result.stdout
