"""Grading processes on this machine."""

import multiprocessing
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import Protocol

from autograder.grading import process
from autograder.grading.intake.submissions import Submission
from autograder.model import Result

AHEAD = 4  # submissions that are handed out to each process before it asks for them

Graded = tuple[Submission, Result | None]


class Graders(Protocol):
    """Grades submissions somewhere, in any order.

    Attributes
    ----------
    without : frozenset of str
        Layers of confinement that student code does without there.
    """

    without: frozenset[str]

    def grade(self, submissions: Iterable[Submission]) -> Iterator[Graded]:
        """Yield each submission with its result, or None if that was lost with its grader."""


class LocalGraders:
    """Processes of this machine.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the course.
    workers : int
        How many processes.
    without : frozenset of str
        Layers of confinement that student code does without.
    """

    def __init__(self, root: Path, workers: int, without: frozenset[str] = frozenset()) -> None:
        self._root, self._workers, self.without = root, workers, without

    def grade(self, submissions: Iterable[Submission]) -> Iterator[Graded]:
        """Yield each submission with its result, or None if a process died meanwhile."""
        waiting = iter(submissions)
        is_broken = True
        while is_broken:
            is_broken = yield from self._grade(waiting)

    def _grade(self, waiting: Iterator[Submission]) -> Generator[Graded, None, bool]:
        """Grade with new processes, until all is done or one of them dies; tell whether one did."""
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(
            self._workers, context, process.start, (self._root, self.without)
        )
        running: dict[Future[Result], Submission] = {}
        is_broken = False
        try:
            while True:
                free = 0 if is_broken else self._workers * AHEAD - len(running)
                for submission in islice(waiting, free):
                    running[_submitted(pool, submission)] = submission
                if not running:
                    return is_broken
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    is_broken = is_broken or isinstance(future.exception(), BrokenProcessPool)
                    result = None if is_broken and future.exception() else future.result()
                    yield running.pop(future), result
        except BaseException:
            for each in multiprocessing.active_children():
                each.kill()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, submission: Submission) -> Future[Result]:
    """Hand a submission out; if a process died just now, it is lost like those that run."""
    try:
        return pool.submit(process.grade, submission)
    except BrokenProcessPool as error:
        lost: Future[Result] = Future()
        lost.set_exception(error)
        return lost
