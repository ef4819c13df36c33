"""Look at shell scripts with shellcheck, which stands beside the Python of the tests."""

import subprocess
import sys
from pathlib import Path


def require_clean(path, script):
    """Write a script, and require that shellcheck finds nothing in it."""
    path.write_text(script, encoding="utf-8")
    shellcheck = Path(sys.executable).with_name("shellcheck")
    command = [shellcheck, "--shell=bash", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
