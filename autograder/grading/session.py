"""One submission in the sandbox: its cells run, its functions called, its deaths survived."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from autograder.grading.rehearsal import Request
from autograder.model import CellResult, CodeCell, Limits
from autograder.numerics.compare import DIED, SubjectError
from autograder.sandbox.server import (
    CallReply,
    Opaque,
    SandboxServer,
    Worker,
    WorkerDied,
    copy_back,
)

MOST_BYTES = 1 << 20  # that a call may return, unless the reference returns more
TOO_LARGE = "it returns much more than it should"
MOST_DEATHS = 5  # workers that may die in cells; a notebook that kills more is run no further

DEATHS = {
    "timed out": "did not return in time and was stopped",
    "out of memory": "needed more memory than there is",
    "crashed": "ended the Python process",
}


class Session:
    """Runs one submission; the worker is replaced when it dies.

    Parameters
    ----------
    server : SandboxServer
        Where workers come from.
    cells : sequence of CodeCell
        The notebook.
    limits : Limits
        For cells, checks and the whole.
    seed : int
        For the global random generators of the submission's process.
    """

    def __init__(
        self, server: SandboxServer, cells: Sequence[CodeCell], limits: Limits, seed: int
    ) -> None:
        self._server = server
        self._cells = cells
        self._limits = limits
        self._seed = seed
        self._worker: Worker | None = None
        self._done = 0
        self._together = True
        self._deadly: set[int] = set()
        self._functions: Mapping[str, Callable[..., Any]] = {}
        self._ends = time.monotonic() + limits.submission_seconds
        self._check_ends = 0.0
        self._most_bytes = MOST_BYTES
        self._innocent: Session | None = None
        self._results: dict[int, CellResult] = {}

    def run_cells(self, upto: int | None = None) -> None:
        """Run the cells that have not run, in order, up to but not including position `upto`.

        A cell that kills the worker is left out from then on.
        """
        end = len(self._cells) if upto is None else upto
        while self._done < end and not self.out_of_time():
            try:
                self._run_until(end, self._worker or self._restart())
            except WorkerDied as death:
                self._worker = None
                if self._together:  # which of the cells it was, another worker tells
                    self._together = False
                    continue
                cell = self._cells[self._done]
                self._deadly.add(cell.index)
                self._note(CellResult(cell.index, death.outcome, death.detail))
        for cell in self._cells[self._done : end]:
            self._note(CellResult(cell.index, "skipped", "the time is used up"))

    def _run_until(self, end: int, worker: Worker) -> None:
        """Run cells as long as there is time; the next one is where it stops."""
        todo = [each for each in self._cells[self._done : end] if each.index not in self._deadly]
        sources = ((cell.index, cell.source) for cell in todo)
        replies = worker.run_cells(sources, together=self._together)
        for cell, reply in zip(todo, replies, strict=False):
            while self._cells[self._done] is not cell:
                self._done += 1
            self._note(CellResult(cell.index, reply.outcome, reply.message))
            if self.out_of_time():
                self.close()  # it has been asked for more
                return
        self._done = end

    def _note(self, result: CellResult) -> None:
        """Note what became of the next cell, unless that is known."""
        self._results.setdefault(result.index, result)
        self._done += 1

    @property
    def results(self) -> list[CellResult]:
        """What became of the cells that have run, in order."""
        return list(self._results.values())

    def seconds_left(self) -> float:
        """Return the time that the submission has not used."""
        return max(self._ends - time.monotonic(), 0.01)

    def out_of_time(self) -> bool:
        """Return whether the submission has used up its time or its workers."""
        return time.monotonic() >= self._ends or len(self._deadly) > MOST_DEATHS

    def start_check(self, most_bytes: int = MOST_BYTES) -> None:
        """Give the next check its own time, and a bound on what one call may return.

        A check does with a result what takes no time for the right one; it is not given one that
        is much larger.
        """
        self._most_bytes = most_bytes
        self._check_ends = min(time.monotonic() + self._limits.check_seconds, self._ends)

    def lookup(self, name: str) -> Callable[..., Any]:
        """Return the submission's function or class of that name, to be called from here."""
        return RemoteFunction(self, name, name)

    def call(self, target: str | Opaque, name: str, args: Any, kwargs: Any) -> Any:
        """Call something in the worker; what it does to its arguments is done to these too.

        Raises
        ------
        SubjectError
            If it raises there, or does not come back.
        """
        plain_args = [_unwrap(each) for each in args]
        plain_kwargs = {key: _unwrap(each) for key, each in kwargs.items()}
        reply = self._ask(
            name, lambda worker, seconds: worker.call(target, plain_args, plain_kwargs, seconds)
        )
        return self._received(name, reply, plain_args, plain_kwargs)

    def receive(self, name: str, reply: CallReply, args: Any, kwargs: Any) -> Any:
        """Take a reply that is already there for that of a call with these arguments.

        Raises
        ------
        SubjectError
            If it says that the function raised.
        """
        return self._received(name, _successful(name, reply), args, kwargs)

    def _received(self, name: str, reply: CallReply, args: Any, kwargs: Any) -> Any:
        if reply.size > self._most_bytes:
            raise SubjectError(name, ("ValueError", "Exception"), TOO_LARGE)
        copy_back(reply.changed, args, kwargs)
        return _wrap(self, reply.value)

    def call_foreseen(self, request: Request) -> list[bytes]:
        """Make all calls that were foreseen.

        If one of them does not come to its end, nothing is returned and a new process takes over,
        so that all of them can be made one at a time.

        Returns
        -------
        list of bytes
            What `read_replies` reads, for each check.
        """
        seconds = min(request.seconds, self._limits.check_seconds, self.seconds_left())
        try:
            worker = self._worker or self._restart()
            frames = worker.call_foreseen(request.groups, seconds)
        except WorkerDied:
            self._worker = None
            return []
        if len(frames) != request.count:
            self.close()
            return []
        return frames

    def get(self, target: Opaque, attribute: str) -> Any:
        """Return an attribute of an object in the worker."""
        reply = self._ask(attribute, lambda worker, seconds: worker.get(target, attribute, seconds))
        return self._received(attribute, reply, (), {})

    @contextmanager
    def mended(self, functions: Mapping[str, Callable[..., Any]]) -> Iterator["Session"]:
        """Run the cells once more, elsewhere, and let functions of ours, by target, stand in.

        What the submission learns from them ends with that process.
        """
        other = self.anew()
        other._done, other._functions = self._done, functions
        try:
            yield other
        finally:
            other.close()

    def start_again(self) -> None:
        """Run the notebook again from its first cell, in a new process.

        What became of its cells stays as it was the first time.
        """
        self.close()
        self._done = 0

    def anew(self) -> "Session":
        """Return another session of the same submission, which knows nothing of this one.

        Cells that are deadly are left out of it, and what is used of the time counts.
        """
        other = Session(self._server, self._cells, self._limits, self._seed)
        other._deadly, other._ends, other._together = self._deadly, self._ends, self._together
        return other

    def innocent(self) -> "Session":
        """Return the session of a process that was asked only what anybody may see."""
        if self._innocent is None:
            self._innocent = self.anew()
            self._innocent._done = self._done
        return self._innocent

    def close(self) -> None:
        """End the worker."""
        if self._innocent is not None:
            self._innocent.close()
            self._innocent = None
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _ask(self, name: str, request: Callable[[Worker, float], CallReply]) -> CallReply:
        try:
            worker = self._worker or self._restart()
            reply = request(worker, max(self._check_ends - time.monotonic(), 0.01))
        except WorkerDied as death:
            self._worker = None
            raise _died(name, death.outcome) from None
        return _successful(name, reply)

    def _restart(self) -> Worker:
        """Return a new worker in which the cells have run so far, without the deadly ones."""
        worker = self._server.spawn(self._seed)
        cells = [each for each in self._cells[: self._done] if each.index not in self._deadly]
        sources = ((cell.index, cell.source) for cell in cells)
        for _ in worker.run_cells(sources, together=True):
            pass
        for name, function in self._functions.items():
            worker.bind(name.partition(".")[2], function)
        self._worker = worker
        return worker


class RemoteFunction:
    """Something callable that lives in the worker."""

    def __init__(self, session: Session, target: str | Opaque, name: str) -> None:
        self._session = session
        self._target = target
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it over there."""
        return self._session.call(self._target, self._name, args, kwargs)


class RemoteObject(RemoteFunction):
    """An object that lives in the worker: its attributes and methods are used from here."""

    def __init__(self, session: Session, opaque: Opaque) -> None:
        super().__init__(session, opaque, opaque.type_name)
        self.opaque = opaque
        self.type_name = opaque.type_name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return self._session.get(self.opaque, attribute)


def _successful(name: str, reply: CallReply) -> CallReply:
    """Return a reply that holds a value; raise what the others say."""
    if reply.outcome in DEATHS:
        raise _died(name, reply.outcome)
    if reply.outcome != "completed":
        # No class of the submission's own may pass for the death of its process.
        types = tuple(each for each in reply.types if each != DIED)
        raise SubjectError(name, types or ("Exception",), reply.message)
    return reply


def _died(name: str, outcome: str) -> SubjectError:
    return SubjectError(name, (DIED,), DEATHS.get(outcome, DEATHS["crashed"]))


def _wrap(session: Session, value: Any) -> Any:
    """Make what stayed in the worker usable from here."""
    if isinstance(value, Opaque):
        return RemoteObject(session, value)
    if type(value) is tuple:
        return tuple(_wrap(session, each) for each in value)
    return value


def _unwrap(value: Any) -> Any:
    return value.opaque if isinstance(value, RemoteObject) else value
