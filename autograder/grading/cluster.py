"""Grading on the workers of a Dask cluster.

The course goes to every worker once; then submissions go in batches, a few more than are being
graded, so that what is in memory here does not depend on how many there are. Workers that vanish
are Dask's concern: it gives their batches to others. Only this process knows students' files and
the results store.
"""

import logging
import math
import time
import uuid
from asyncio import CancelledError as TaskCancelled
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from autograder.errors import FaultError, UsageError
from autograder.grading.deliveries import BATCH, Batch, batch_size, batches
from autograder.grading.intake.files import LARGEST_BYTES
from autograder.grading.jobs import SLURM, cluster_address
from autograder.grading.machines import Machine
from autograder.grading.parcels import pack_course
from autograder.grading.pool import ENDED, Graded
from autograder.model import Course

if TYPE_CHECKING:
    from distributed import Client, Future

    from autograder.grading.intake.submissions import Submission

AHEAD: Final = 2  # batches that are handed out for each slot
CONNECT_SECONDS: Final = 10.0
WORKER_SECONDS: Final = 60.0  # without any worker, before giving up
COUNT_SECONDS: Final = 5.0  # after which the slots are counted again
KEPT: Final = "results so far are kept, run the same command to go on"
LOST: Final = (CancelledError, TaskCancelled, OSError)  # how a lost scheduler shows
_LARGE: Final = "distributed.admin.large-graph-warning-threshold"
STALLED_SECONDS: Final = 300.0  # beyond what a submission may take twice


class ClusterGraders:
    """Grading processes on the workers of a cluster; made by `cluster_graders`.

    Attributes
    ----------
    without : frozenset of str
        Layers of confinement that student code does without there.
    """

    def __init__(self, client: "Client", course: str, without: frozenset[str], most: int) -> None:
        self.without = without
        self._client, self._course, self._most = client, course, most
        self._slots, self._counted = 0, -math.inf
        self._running: dict[Future[Any], Batch] = {}
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()

    def grade(self, submissions: "Iterable[Submission]") -> Iterator[Graded]:
        """Yield each submission with its result, or with how its grader was lost.

        Raises
        ------
        UsageError
            If a worker joined that does not fit.
        FaultError
            If the scheduler or all workers have gone.
        """
        with self._lasting():
            size = batch_size(submissions, max(1, self._count_slots()), self._most)
        waiting = batches(submissions, size)
        try:
            while True:
                with self._lasting():
                    self._hand_out(waiting)
                if not self._running:
                    return
                with self._lasting():
                    graded = self._finished()
                yield from graded
        finally:
            self._call_off()

    def _hand_out(self, waiting: Iterator[Batch]) -> None:
        from autograder.grading.plugins import grade_deliveries

        free = max(1, self._count_slots()) * AHEAD - len(self._running)
        for batch in islice(waiting, max(0, free)):
            name = f"gradus-batch-{uuid.uuid4().hex}"
            future = self._client.submit(grade_deliveries, self._course, batch[1], key=name)
            self._running[future] = batch
            future.add_done_callback(self._done.put)

    def _finished(self) -> list[Graded]:
        """Wait for a batch, and return its submissions with their results."""
        while True:
            try:
                future = self._done.get(timeout=WORKER_SECONDS)
            except Empty:
                self._require_workers()
                continue
            submissions, _ = self._running[future]
            try:
                results = _results(future, len(submissions))
            except TimeoutError:  # its worker has gone with the results: it is graded again
                self._require_workers()
                self._done.put(future)
                continue
            del self._running[future]
            lost = (ENDED if each is None else each for each in results)
            return list(zip(submissions, lost, strict=True))

    def _count_slots(self) -> int:
        """Return how many submissions the workers grade at a time, as of some seconds ago."""
        if time.monotonic() - self._counted > COUNT_SECONDS:
            self._slots, self._counted = sum(self._client.nthreads().values()), time.monotonic()
        return self._slots

    def _require_workers(self) -> None:
        if not self._client.nthreads():
            raise FaultError(
                f"no worker of the cluster has been there for {WORKER_SECONDS:.0f} s; {KEPT}"
            )

    def _call_off(self) -> None:
        """Forget what is still running; nobody waits for it any more."""
        left, self._running = list(self._running), {}
        self._done = SimpleQueue()
        if left and self._client.status == "running":
            self._client.cancel(left)

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        """Turn the many ways in which a lost scheduler shows into one sentence."""
        try:
            yield
        except LOST as error:
            raise _gone(error) from error
        except RuntimeError as error:
            if self._client.status == "running":
                raise
            raise _gone(error) from error


def _gone(error: BaseException) -> FaultError:
    return FaultError(f"the scheduler of the cluster has gone ({type(error).__name__}); {KEPT}")


def _results(future: "Future[Any]", count: int) -> list[Any]:
    """Return the results of a batch; None for each if it ended several workers."""
    from distributed import KilledWorker

    error = future.exception() if future.status == "error" else None
    if isinstance(error, KilledWorker):
        return [None] * count
    if isinstance(error, UsageError | FaultError):
        raise error
    if error is not None:
        raise FaultError(f"a worker of the cluster failed: {type(error).__name__}: {error}")
    results: list[Any] = future.result(timeout=WORKER_SECONDS)
    return results


@contextmanager
def cluster_graders(
    course: Course, names: Iterable[str], where: str, confinement: str, most: int = BATCH
) -> Generator[ClusterGraders, None, None]:
    """Connect to a cluster and send it a course, for as long as the context lasts.

    Parameters
    ----------
    names : iterable of str
        Assignments that are to be graded.
    where : str
        Address of a scheduler, or ``slurm:`` and a profile; encryption is as Dask's own
        configuration says.
    confinement : str
        ``required`` or ``available``, on the workers.
    most : int
        Submissions in a batch.

    Raises
    ------
    UsageError
        If there is no such cluster, or a worker does not fit.
    """
    _require_distributed()
    with cluster_address(where) as address, _connected(address) as client:
        _await_worker(client, address, None if where.startswith(SLURM) else WORKER_SECONDS)
        ours = Machine.here()
        machines = _machines(client)
        _require_alike(machines, ours)
        without = _gaps(machines, confinement)
        with _sent(client, course, names, without, ours) as name:
            yield ClusterGraders(client, name, without, most)


def _require_distributed() -> None:
    """Import Dask, and keep it from writing what becomes a sentence anyway."""
    try:
        import dask
        import distributed  # noqa: F401 - it sets up its loggers
    except ImportError:
        raise UsageError(
            "grading on a cluster needs dask.distributed; run: pip install 'gradus[cluster]'"
        ) from None
    if not logging.getLogger().isEnabledFor(logging.DEBUG):
        for name in ("distributed", "distributed.client", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    dask.config.set({_LARGE: f"{LARGEST_BYTES}B"})  # one notebook with pictures is no mistake


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from error
    try:
        yield client
    finally:
        client.close(timeout=CONNECT_SECONDS)


def _await_worker(client: "Client", address: str, seconds: float | None) -> None:
    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError:
        raise UsageError(f"the cluster at {address} has no workers; start some first") from None


def _machines(client: "Client") -> dict[str, Machine]:
    """Describe all workers.

    Raises
    ------
    UsageError
        If one of them can't, for want of Gradus or of this version of it.
    """
    from autograder.grading.plugins import describe_worker

    answers: dict[str, Any] = client.run(describe_worker, on_error="return")
    for address, answer in answers.items():
        if not isinstance(answer, Machine):
            raise UsageError(
                f"the worker at {address} does not have this version of Gradus: "
                f"{type(answer).__name__}: {answer}"
            )
    return answers


def _require_alike(machines: Mapping[str, Machine], ours: Machine) -> None:
    for address, machine in machines.items():
        if objection := machine.objection(ours):
            raise UsageError(f"the worker at {address} ({machine.host}) {objection}")


def _gaps(machines: Mapping[str, Machine], confinement: str) -> frozenset[str]:
    """Return the layers that some worker lacks, if student code may do without them."""
    for address, machine in machines.items():
        if machine.gaps and confinement == "required":
            raise UsageError(
                f"student code can't be fully confined on the worker at {address} "
                f"({machine.host}), which lacks {', '.join(machine.gaps)}; gradus doctor says "
                "there why and what to do, --confinement=available grades without"
            )
    return frozenset(gap for machine in machines.values() for gap in machine.gaps)


@contextmanager
def _sent(
    client: "Client", course: Course, names: Iterable[str], without: frozenset[str], ours: Machine
) -> Iterator[str]:
    """Send a course to all workers, also to later ones; yield what it is called there."""
    from autograder.grading.plugins import CoursePlugin

    limits = [course.limits_of(name) for name in course.assignments]
    seconds = 2 * max(each.submission_seconds for each in limits) + STALLED_SECONDS
    plugin = CoursePlugin(pack_course(course, names), without, seconds, ours)
    name = f"gradus-course-{uuid.uuid4().hex}"  # of this run: two may share a cluster
    client.register_plugin(plugin, name=name)
    try:
        yield name
    finally:
        if client.status == "running":
            with suppress(*LOST, RuntimeError):
                client.unregister_worker_plugin(name)
