"""Run the cells of a notebook as IPython would, and plain ones much faster.

What is valid Python is compiled and executed in the shell's namespace. Only what is not (magics,
shell lines, questions, top-level await) is given to IPython, with its displays and tracebacks off.
"""

import ast
import linecache
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any, Final

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.sandbox import guard, inert
from autograder.sandbox.guard import Ending

_STATEMENT: Final = re.compile(r"(?:def|class|import|from|if|for|while|with|try|else|finally)\b")
WARM_UP: Final = "_warm = 1\n%timeit -n1 -r1 pass\n_warm\n"


class _NullHook(DisplayHook):
    """Remembers the last value of a cell as ``_``, and shows nothing."""

    def __call__(self, result: Any = None) -> None:
        if result is not None:
            self.check_for_underscore()
            self.update_user_ns(result)
            self.fill_exec_result(result)


class _NullPublisher(DisplayPublisher):
    """Shows nothing."""

    def publish(self, *_args: Any, **_kwargs: Any) -> None:
        """Show nothing."""


class _Shell(InteractiveShell):
    """An IPython shell that keeps the exceptions it would show."""

    displayhook_class = _NullHook
    display_pub_class = _NullPublisher
    shown: BaseException | None = None

    def showtraceback(self, exc_tuple: Any = None, *_args: Any, **_kwargs: Any) -> None:
        """Keep the exception; making a traceback would take longer than most cells."""
        self.shown = sys.exc_info()[1] if exc_tuple is None else exc_tuple[1]

    def showsyntaxerror(self, *_args: Any, **_kwargs: Any) -> None:
        """Keep the exception."""
        self.shown = sys.exc_info()[1]

    def enable_gui(self, *_args: Any, **_kwargs: Any) -> None:
        """Have no windows."""


def make_shell(folder: Path) -> InteractiveShell:
    """Create the shell that all workers inherit, without history and configuration files.

    Parameters
    ----------
    folder : Path
        Stands for the user's folder of IPython; writable.

    Returns
    -------
    InteractiveShell
        Its namespace is the module ``__main__`` from now on.
    """
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.update(colors="nocolor", xmode="Minimal", autocall=0, logstart=False)
    shell: InteractiveShell = _Shell.instance(config=config, ipython_dir=str(folder))
    shell.displayhook.do_full_cache = False
    shell.builtin_trap.activate()
    inert.disarm(shell)
    inert.install_otter()
    shell.run_cell(WARM_UP)
    del shell.user_ns["_warm"]
    return shell


class CellRunner:
    """Runs cells in one shell.

    Parameters
    ----------
    shell : InteractiveShell
        From `make_shell`.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell: Any = shell

    def run(self, index: int, source: str, seconds: float) -> tuple[Ending, str]:
        """Run one cell.

        Parameters
        ----------
        index : int
            Its place in the notebook.
        source : str
            Its text.
        seconds : float
            Wall-clock time.

        Returns
        -------
        tuple of (Ending, str)
            What became of it, and a message such as ``NameError: ... (line 3)``.
        """
        name = f"<cell {index}>"
        lines = source.splitlines(keepends=True)
        linecache.cache[name] = (len(source), None, lines, name)
        ending = guard.run(self._action(source, name), seconds)
        return ending, _message(ending.error, name)

    def bind(self, name: str, value: Any) -> None:
        """Let a name stand for something else in the notebook."""
        self._shell.user_ns[name] = value

    def lookup(self, name: str) -> Any:
        """Return what a name stands for in the notebook.

        Raises
        ------
        NameError
            If the notebook does not define it.
        """
        try:
            return self._shell.user_ns[name]
        except KeyError:
            raise NameError(f"name {name!r} is not defined") from None

    def _action(self, source: str, name: str) -> Callable[[], Any]:
        """Choose how to run a cell."""
        try:
            parts = self._compile(source, name)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return lambda: self._run_with_ipython(source)
        return lambda: self._run_plainly(*parts)

    def _compile(self, source: str, name: str) -> tuple[CodeType | None, CodeType | None]:
        """Compile the statements of a cell, and its last expression apart."""
        compiler = self._shell.compile
        if _ends_in_a_statement(source):
            return compiler(source, name, "exec"), None
        tree = compiler.ast_parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        statements = compiler(tree, name, "exec") if tree.body else None
        if last is None:
            return statements, None
        return statements, compiler(ast.Expression(last.value), name, "eval")

    def _run_plainly(self, statements: CodeType | None, last: CodeType | None) -> None:
        namespace = self._shell.user_ns
        if statements is not None:
            exec(statements, namespace)  # noqa: S102 - to run untrusted code is what this is for
        if last is not None:
            self._shell.displayhook(eval(last, namespace))  # noqa: S307

    def _run_with_ipython(self, source: str) -> None:
        self._shell.shown = None
        result = self._shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec or self._shell.shown
        if error is not None:
            raise error


def _ends_in_a_statement(source: str) -> bool:
    """Tell, without parsing a cell, whether its last line surely belongs to no expression."""
    heads = (line for line in reversed(source.splitlines()) if line[:1] not in {"", " ", "\t", "#"})
    return _STATEMENT.match(next(heads, "")) is not None


def _message(error: BaseException | None, name: str) -> str:
    """Say what was raised, and on which line of the cell."""
    if error is None:
        return ""
    line = _line(error, name)
    text = guard.message_of(error)
    kind = guard.types_of(error)[0]
    return f"{kind}: {text}".removesuffix(": ") + (f" (line {line})" if line else "")


def _line(error: BaseException, name: str) -> int | None:
    """Return the line of the innermost frame that belongs to the cell."""
    if isinstance(error, SyntaxError) and _is_cell(error.filename or name, name):
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:
        if _is_cell(trace.tb_frame.f_code.co_filename, name):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _is_cell(filename: object, name: str) -> bool:
    """Tell whether a file name stands for the cell; IPython gives it a name of its own."""
    return isinstance(filename, str) and (filename == name or filename.startswith("<ipython-input"))
