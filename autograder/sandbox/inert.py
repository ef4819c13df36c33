"""Stand-ins for what a notebook may ask of its surroundings and a worker does not have.

Shell commands, installers and the like complete without doing anything, and so does otter: the
visible tests of a notebook are run by the grader, not by the notebook.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, Self

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import no_var_expand
from IPython.utils.text import SList

_LINE_MAGICS: Final = """
    alias alias_magic autoreload bookmark cat colors conda config cp debug ed edit gui hist history
    killbgscripts ldir lf lk ll load_ext logoff logon logstart logstate logstop ls lx mamba man
    matplotlib micromamba mkdir more mv notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pip
    psearch psource pycat quickref recall rehashx reload_ext rep rerun rm rmdir save sc sx system
    unalias unload_ext uv xmode
""".split()  # noqa: SIM905 - a table of words is read more easily than a table of quotes
_CELL_MAGICS: Final = """
    ! bash debug perl pypy python python2 python3 ruby script sh sx system
""".split()  # noqa: SIM905


class Inert:
    """Whatever is asked of it, it is itself, and it shows nothing."""

    def __call__(self, *_args: Any, **_kwargs: Any) -> Self:
        """Return itself."""
        return self

    def __getattr__(self, name: str) -> Self:
        if name.startswith("_"):  # leave the protocols of Python and IPython alone
            raise AttributeError(name)
        return self

    def __repr__(self) -> str:
        return ""


class _InertModule(ModuleType):
    """A module whose every public name is inert."""

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("_"):
            raise AttributeError(name)
        return Inert()


def install_otter() -> None:
    """Let `import otter` find a module that answers and does nothing."""
    sys.modules["otter"] = _InertModule("otter", "Answers the visible tests of a notebook.")


def disarm(shell: InteractiveShell) -> None:
    """Replace what starts processes, opens pagers or changes the session by nothing.

    Parameters
    ----------
    shell : InteractiveShell
        Changed in place.
    """
    _load_all(shell)
    magics = shell.magics_manager.magics
    magics["line"].update(dict.fromkeys(_LINE_MAGICS, _nothing))
    magics["cell"].update(dict.fromkeys(_CELL_MAGICS, _nothing))
    magics["line"]["timeit"] = magics["cell"]["timeit"] = _timed_once(magics["line"]["timeit"])
    changed: Any = shell
    changed.system = changed.system_piped = changed.system_raw = _nothing
    changed.getoutput = _no_output
    changed.ask_exit = _nothing


def _load_all(shell: Any) -> None:
    """Define every magic and alias now: one defined later would undo what is replaced here."""
    getattr(shell.magics_manager, "load_all_lazy_magics", _nothing)()
    _ = shell.alias_manager


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    """Do nothing."""


def _no_output(_command: str, *, split: bool = True, **_kwargs: Any) -> Any:
    """Return the output of a command that was not run."""
    return SList([]) if split else ""


def _timed_once(original: Callable[..., Any]) -> Callable[..., Any]:
    """Let `%timeit` run a statement once instead of for seconds."""

    @no_var_expand
    def timeit(line: str = "", cell: str | None = None) -> Any:
        counted = any(word.startswith("-n") for word in line.split())
        return original(line if counted else f"-n1 -r1 {line}", cell)

    return timeit
