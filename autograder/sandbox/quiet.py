"""Calls of untrusted code during which no warning and no floating-point error is reported."""

import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

_FILTERS: Final[list[Any]] = [("ignore", None, Warning, None, 0)]  # as `simplefilter` writes it


class Quiet:
    """Ignores warnings and floating-point errors in calls, whatever was set before and by them.

    What a call sets in `warnings` ends with the last call, like everything else there. It is
    entered once for many calls because that takes longer than a call.
    """

    def __enter__(self) -> Self:
        self._outer = warnings.catch_warnings()
        self._outer.__enter__()
        self._ignore()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._outer.__exit__(kind, error, trace)

    def call(self, action: Callable[[], Any]) -> Any:
        """Return what an action returns."""
        if warnings.filters is not self._filters or self._filters != _FILTERS:
            self._ignore()
        with np.errstate(all="ignore"):
            return action()

    def _ignore(self) -> None:
        """Ignore all warnings from now on."""
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        self._filters = warnings.filters
