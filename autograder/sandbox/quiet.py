"""Calls of untrusted code during which no warning and no floating-point error is reported."""

import warnings
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import copy_context
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

_FILTERS: Final[list[Any]] = [("ignore", None, Warning, None, 0)]  # as `simplefilter` writes it


class Quiet:
    """Ignores warnings and floating-point errors in calls, whatever was set before and by them.

    What a call sets in `warnings` ends with the last call, like everything else there; what it sets
    in numpy is part of its context, and ends with the call. It is entered once for many calls
    because that takes longer than a call.
    """

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            stack.enter_context(np.errstate(all="ignore"))
            self._outer = stack.pop_all()
        self._ignore()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._outer.close()

    def call(self, action: Callable[..., Any], *args: Any) -> Any:
        """Return what an action returns."""
        if warnings.filters is not self._filters or self._filters != _FILTERS:
            self._ignore()
        return copy_context().run(action, *args)

    def _ignore(self) -> None:
        """Ignore all warnings from now on."""
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        self._filters = warnings.filters
