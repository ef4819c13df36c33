"""Draw the pictures of a class: each different one once, several at a time if there are many."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

from autograder import children
from autograder.cores import cores
from autograder.fingerprint import digest
from autograder.grading.memory import Memory
from autograder.numerics.drawing import draw
from autograder.numerics.pictures import Picture
from autograder.texts import json_text

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

MOST_KEPT = 4_000  # drawings, of some kB each
FEW = 40  # that take no longer than it takes to start other processes

Plain = Mapping[str, Any]


class Drawings:
    """Pictures and their drawings.

    Parameters
    ----------
    workers : int, optional
        Processes that draw when there is much to do; by default one per core.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or cores()
        self._known: Memory[str] = Memory(MOST_KEPT)
        self._pool: ProcessPoolExecutor | None = None
        self._stack = ExitStack()

    def __enter__(self) -> "Drawings":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, exception, trace)

    def prepare(self, pictures: Iterable[Plain]) -> None:
        """Draw what will be asked for next; no more than `MOST_KEPT` different ones."""
        new = {_key(each): each for each in pictures}
        new = {key: each for key, each in new.items() if key not in self._known}
        for key, drawing in zip(new, self._draw(list(new.values())), strict=True):
            self._known.put(key, drawing)

    def of(self, picture: Plain) -> str:
        """Return the drawing of a picture."""
        key = _key(picture)
        drawing = self._known.get(key)
        if drawing is None:
            drawing = _drawn(picture)
            self._known.put(key, drawing)
        return drawing

    def _draw(self, pictures: list[Plain]) -> Iterable[str]:
        if self._pool is None and (self._workers == 1 or len(pictures) <= FEW):
            return map(_drawn, pictures)
        if self._pool is None:
            self._pool = self._stack.enter_context(children.pool(self._workers))
        return self._pool.map(_drawn, pictures, chunksize=8)


def _key(picture: Plain) -> str:
    return digest([json_text(picture)])


def _drawn(picture: Plain) -> str:
    return draw(Picture(**picture))
