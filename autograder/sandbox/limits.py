"""What one worker may use."""

from dataclasses import dataclass
from typing import Final

ENVELOPE_BYTES: Final = 1 << 16  # what a frame that holds frames needs beside them
OUT_OF_MEMORY_CODE: Final = 97  # with which a worker ends that can't even say so


@dataclass(frozen=True)
class Limits:
    """What one worker may use.

    Parameters
    ----------
    cell_seconds, check_seconds : float
        Wall-clock time of one cell, and of one call.
    grace_seconds : float
        What a worker has left to answer once its time is up, before it is killed.
    cpu_seconds : int
        Processor time of a worker as a whole; a backstop.
    memory_bytes : int
        Address space beyond that of the warm server.
    output_bytes : int
        Text on both output streams together; the rest is discarded.
    processes : int
        Processes and threads of the user that may be added; 0 forbids both.
    open_files : int
        Descriptors of a worker.
    frame_bytes : int
        Largest frame in either direction.
    """

    cell_seconds: float = 30.0
    check_seconds: float = 10.0
    grace_seconds: float = 0.5
    cpu_seconds: int = 900
    memory_bytes: int = 1 << 30
    output_bytes: int = 1 << 20
    processes: int = 0
    open_files: int = 64
    frame_bytes: int = 64 << 20

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0 and name != "processes":
                raise ValueError(f"{name} must be positive, not {value!r}")
