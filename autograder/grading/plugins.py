"""What runs in a worker of Dask: it hands submissions on to grading processes of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from dask.system import CPU_COUNT
from distributed import Worker, WorkerPlugin, get_worker

from autograder.errors import FaultError, UsageError
from autograder.grading.deliveries import Delivery
from autograder.grading.machines import Machine
from autograder.grading.records import Entry
from autograder.grading.slots import Slot
from autograder.sandbox.kernel import hide_memory


def describe_worker(dask_worker: Worker) -> Machine:
    """Describe the worker in which this runs; Dask fills in the argument."""
    return Machine.here(dask_worker.state.nthreads, CPU_COUNT)


def grade_deliveries(course: str, deliveries: Sequence[Delivery]) -> list[Entry | None]:
    """Grade submissions by a course that was sent before; this is a task of Dask.

    Returns
    -------
    list of Entry or None
        None for one that ended its grading process.
    """
    plugin = cast("CoursePlugin", get_worker().plugins[course])
    return plugin.grade(deliveries)


class CoursePlugin(WorkerPlugin):
    """A course on a worker: sent once, also to workers that join later, and taken away at the end.

    Parameters
    ----------
    parcel : bytes
        The course, from `pack_course`.
    without : frozenset of str
        Layers of confinement that student code does without.
    seconds : float
        After which a submission is given up.
    ours : Machine
        What the worker's is to be like.
    """

    def __init__(
        self, parcel: bytes, without: frozenset[str], seconds: float, ours: Machine
    ) -> None:
        self._parcel, self._without, self._seconds, self._ours = parcel, without, seconds, ours

    def setup(self, worker: Worker) -> None:
        """Keep the place for grading processes; each thread starts one when it has work."""
        hide_memory()  # the secret is in it
        self._worker = worker
        self._objection: str | None = None
        self._slots: list[Slot] = []
        self._free: list[Slot] = []
        self._closed = False

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - as Dask calls it
        """End the grading processes and remove their files."""
        self._closed = True
        for each in self._slots:
            each.close()

    def grade(self, deliveries: Sequence[Delivery]) -> list[Entry | None]:
        """Grade submissions in a process that nobody else uses meanwhile.

        Raises
        ------
        UsageError
                If this machine does not fit.
        FaultError
            If the course was taken away meanwhile.
        """
        self._require_fit()
        slot = self._taken()
        try:
            return [slot.grade(each) for each in deliveries]
        finally:
            self._free.append(slot)

    def _require_fit(self) -> None:
        """Refuse a worker that joined after the others were looked at."""
        if self._objection is None:
            self._objection = describe_worker(self._worker).objection(self._ours)
        if self._objection:
            raise UsageError(f"the worker at {self._worker.address} {self._objection}")

    def _taken(self) -> Slot:
        try:
            return self._free.pop()
        except IndexError:
            if self._closed:
                raise FaultError("grading was called off") from None
            base = Path(self._worker.local_directory)
            slot = Slot(self._parcel, self._without, self._seconds, base)
            self._slots.append(slot)
            return slot
