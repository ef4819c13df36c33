"""Where a cluster is: at an address, or in jobs that are started for this run."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from autograder.config import read_yaml
from autograder.errors import UsageError

SLURM: Final = "slurm:"
_ADDRESS: Final = re.compile(r"(tcp|tls|ucx|wss?)://.+:\d+")


class SlurmProfile(BaseModel):
    """A file for ``--cluster slurm:FILE``; all other keys are arguments of dask-jobqueue."""

    model_config = ConfigDict(frozen=True, extra="allow")

    jobs: int = Field(ge=1)
    """How many jobs to start."""


@contextmanager
def cluster_address(where: str) -> Iterator[str]:
    """Yield the address of a scheduler; jobs that were started for it end with the context.

    Raises
    ------
    UsageError
        If `where` is no address, or Slurm does not take the jobs.
    CourseError
        If the profile is wrong.
    """
    if where.startswith(SLURM):
        with _slurm_cluster(Path(where.removeprefix(SLURM))) as cluster:
            yield cluster.scheduler_address
    elif _ADDRESS.fullmatch(where):
        yield where
    else:
        raise UsageError(
            f"--cluster {where}: not an address such as tcp://HOST:PORT or tls://HOST:PORT, "
            f"nor {SLURM}PROFILE.yml"
        )


def _slurm_cluster(path: Path) -> Any:
    """Return a running scheduler whose workers are jobs of Slurm."""
    if not path.is_file():
        raise UsageError(f"--cluster {SLURM}{path}: there is no such file")
    profile, _ = read_yaml(path, TypeAdapter(SlurmProfile))
    try:
        with _signals_kept():
            from dask_jobqueue.slurm import SLURMCluster
    except ImportError:
        raise UsageError(
            "jobs of Slurm need dask-jobqueue; run: pip install 'gradus[cluster]'"
        ) from None
    try:
        cluster = SLURMCluster(**profile.model_extra)
        cluster.scale(jobs=profile.jobs)
    except (TypeError, ValueError, OSError, RuntimeError) as error:
        sentence = str(error).partition("\n")[0].partition(":")[0]
        raise UsageError(f"{path}: dask-jobqueue refuses it: {sentence}") from error
    return cluster


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Undo what an import does to Ctrl-C: dask-jobqueue's ends the process as if all were well."""
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
