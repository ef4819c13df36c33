"""JupyterLab on a free port, in a folder of its own, with the kernel of this environment."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest

from tests.conftest import ROOT

# Beside JupyterLab every import of nbformat takes a second longer, so it has its own environment.
LAB = ROOT / ".jupyterlab" / "bin" / "jupyter-lab"
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
CELLS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


def executable():
    """Return JupyterLab, or skip the test and say why."""
    found = str(LAB) if LAB.exists() else shutil.which("jupyter-lab")
    if found is None:
        stop = pytest.fail if os.environ.get("GRADUS_BROWSER") == "required" else pytest.skip
        stop("there is no JupyterLab here; `make test` installs it")
    return found


@contextmanager
def serving(folder: Path, home: Path):
    """Start JupyterLab for a folder; yield the address at which a browser may open it."""
    kernel = home / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(about))
    settings = home / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True)
    (settings / "overrides.json").write_text(json.dumps(QUIET | CELLS))
    token = token_hex(16)
    process = subprocess.Popen(
        [
            executable(),
            "--no-browser",
            "--allow-root",
            "--port=0",
            f"--IdentityProvider.token={token}",
            f"--LabApp.app_settings_dir={settings}",
            f"--ServerApp.root_dir={folder}",
        ],
        env={
            **os.environ,
            "HOME": str(home),
            "JUPYTER_PATH": str(home / "share" / "jupyter"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _address(process), token
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _address(process):
    """Read what the server says of itself until it says where it listens."""
    for line in process.stderr:
        if "http://127.0.0.1:" in line:
            return line.split("http://127.0.0.1:")[1].split("/")[0]
    raise AssertionError("JupyterLab ended before it listened")
