"""Grading processes on this machine: given submissions, watched, and replaced when they die."""

import contextlib
import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from operator import length_hint
from pathlib import Path
from typing import Any, Final, Protocol

from autograder.children import scratch, stops_held
from autograder.cores import shares
from autograder.errors import FaultError
from autograder.grading import process
from autograder.grading.intake.submissions import Submission
from autograder.grading.records import Entry
from autograder.model import Course

AHEAD: Final = 2  # submissions that a process holds: the one it grades, and the next
MARGIN: Final = 120.0  # seconds beyond its limits that a submission may take the grader itself
STARTS: Final = 3  # processes in a row that may die before they are ready
CLOSING_SECONDS: Final = 5.0
NEVER: Final = float("inf")
CONTEXT: Final = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Lost:
    """What there is instead of a result, if a grader was lost while it graded a submission."""

    reason: str


ENDED: Final = Lost("the grader's process ended while grading this submission")

Graded = tuple[Submission, Entry | Lost]


class Graders(Protocol):
    """Grades submissions somewhere, in any order.

    Attributes
    ----------
    without : frozenset of str
        Layers of confinement that student code does without there.
    """

    without: frozenset[str]

    def grade(self, submissions: Iterable[Submission]) -> Iterator[Graded]:
        """Yield each submission with its result, or with how its grader was lost."""


class LocalGraders:
    """Processes of this machine.

    Parameters
    ----------
    course : Course
        What to grade by; each process loads it for itself.
    workers : int
        How many processes.
    without : frozenset of str
        Layers of confinement that student code does without.
    margin : float
        Seconds that a submission may take beyond what its limits allow, before its grader counts
        as stalled.
    """

    def __init__(
        self,
        course: Course,
        workers: int,
        without: frozenset[str] = frozenset(),
        *,
        margin: float = MARGIN,
    ) -> None:
        self._course, self._workers, self.without = course, workers, without
        self._margin = margin

    def grade(self, submissions: Iterable[Submission]) -> Iterator[Graded]:
        """Yield each submission with its result, or with how its grader was lost.

        Whatever ends this early kills all processes.

        Raises
        ------
        UsageError
            If student code can't be confined as asked.
        FaultError
            If no process gets ready.
        """
        resource_tracker.ensure_running()  # else the first start would, and let signals through
        with scratch() as folder:
            start = partial(_start, self._course.root, self.without, folder)
            busy = min(self._workers, length_hint(submissions, self._workers))
            crew = _Crew(submissions, self._workers, shares(busy), start, self._allowed)
            try:
                while crew.hand_out():
                    yield from crew.collect()
                crew.dismiss()
            finally:
                crew.kill()

    def _allowed(self, submission: Submission) -> float:
        """Return how many seconds a grader may spend on a submission, which it may grade twice."""
        limits = self._course.limits_of(submission.assignment)
        once = limits.submission_seconds + limits.cell_seconds + limits.check_seconds
        return 2 * once + self._margin


class _Member:
    """One grading process, and the submissions that it holds: the first is the one it grades."""

    def __init__(
        self,
        started: multiprocessing.process.BaseProcess,
        pipe: "Connection[Any, Any]",
        core: int | None,
    ) -> None:
        self.pipe = pipe
        self.core = core
        self.held: deque[Submission] = deque()
        self.is_ready = False
        self.deadline = NEVER  # until it is ready
        self._process = started

    def give(self, submission: Submission) -> None:
        """Hand a submission out."""
        self.held.append(submission)
        with contextlib.suppress(OSError):  # it has died, which is noticed when it should answer
            self.pipe.send(submission)

    def join(self) -> None:
        """Give it a moment to end its sandbox and itself; its pipe is closed by now."""
        self._process.join(CLOSING_SECONDS)

    def kill(self) -> None:
        """End it, and with it its sandbox."""
        self._process.kill()

    def bury(self) -> None:
        """Wait until it is gone."""
        self._process.join()
        self.pipe.close()


def _start(root: Path, without: frozenset[str], folder: str, core: int | None) -> _Member:
    """Start a grading process that keeps its files in a folder, and to a core if there is one."""
    ours, theirs = CONTEXT.Pipe()
    started = CONTEXT.Process(target=process.serve, args=(theirs, root, without, folder, core))
    started.start()
    theirs.close()
    return _Member(started, ours, core)


class _Crew:
    """The grading processes of one batch, and what is left to grade.

    Parameters
    ----------
    submissions : iterable of Submission
        What to grade.
    workers : int
        How many processes; a missing one is started when there is something for it to do.
    cores : list of int
        Cores that are shared out to them.
    start : callable
        Starts one that keeps to a core, if it is given one.
    allowed : callable
        Returns how many seconds a submission may take.
    """

    def __init__(
        self,
        submissions: Iterable[Submission],
        workers: int,
        cores: list[int],
        start: Callable[[int | None], _Member],
        allowed: Callable[[Submission], float],
    ) -> None:
        self._waiting = iter(submissions)
        self._returned: list[Submission] = []  # held by processes that died while grading others
        self._workers, self._start, self._allowed = workers, start, allowed
        self._cores = [*cores]  # that no process keeps to
        self._members: list[_Member] = []
        self._deaths_before_ready = 0

    def hand_out(self) -> bool:
        """Give every process enough to do; tell whether any has something to do."""
        for depth in range(AHEAD):  # everybody has one before anybody has two
            for place in range(self._workers):
                if place < len(self._members) and len(self._members[place].held) > depth:
                    continue
                submission = self._next()
                if submission is None:
                    return any(each.held for each in self._members)
                if place == len(self._members):
                    core = self._cores.pop() if self._cores else None
                    with stops_held():
                        self._members.append(self._start(core))
                self._give(self._members[place], submission)
        return True

    def _next(self) -> Submission | None:
        return self._returned.pop() if self._returned else next(self._waiting, None)

    def _give(self, member: _Member, submission: Submission) -> None:
        member.give(submission)
        if member.is_ready and len(member.held) == 1:
            self._watch(member)

    def _watch(self, member: _Member) -> None:
        """Set the time at which a process counts as stalled."""
        allowed = self._allowed(member.held[0]) if member.held else NEVER
        member.deadline = time.monotonic() + allowed

    def collect(self) -> Iterator[Graded]:
        """Wait until something happens, and yield what was graded or lost."""
        deadline = min(each.deadline for each in self._members)
        seconds = None if deadline == NEVER else max(0.0, deadline - time.monotonic())
        answering = wait([each.pipe for each in self._members], seconds)
        for member in self._members.copy():
            if member.pipe in answering:
                yield from self._receive(member)
            elif member.deadline <= time.monotonic():
                allowed = self._allowed(member.held[0])
                reason = f"the grader itself took longer than {allowed:g} s on this submission"
                yield from self._lose(member, Lost(reason))

    def _receive(self, member: _Member) -> Iterator[Graded]:
        try:
            answer = member.pipe.recv()
        except (EOFError, OSError):
            yield from self._lose(member, ENDED)
            return
        if isinstance(answer, Exception):
            raise answer
        graded = None if answer == process.READY else (member.held.popleft(), answer)
        member.is_ready = True
        self._deaths_before_ready = 0
        self._watch(member)
        if graded:
            yield graded

    def _lose(self, member: _Member, lost: Lost) -> Iterator[Graded]:
        """Kill a process; only what it was grading is lost, and nothing if it had not begun."""
        self._members.remove(member)
        member.kill()
        member.bury()
        if member.core is not None:
            self._cores.append(member.core)
        if not member.is_ready:
            self._deaths_before_ready += 1
        elif member.held:
            yield member.held.popleft(), lost
        self._returned += reversed(member.held)
        if self._deaths_before_ready == STARTS:
            raise FaultError(
                f"{STARTS} grading processes in a row ended before they were ready; "
                "see if gradus doctor says why"
            )

    def dismiss(self) -> None:
        """Let all processes end."""
        for each in self._members:
            each.pipe.close()
        for each in self._members:
            each.join()

    def kill(self) -> None:
        """End all processes."""
        for each in self._members:
            each.kill()
        for each in self._members:
            each.bury()
