"""What a machine must be like to grade together with others: the same software, room, layers."""

import platform
import socket
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from autograder.cores import cores as usable_cores
from autograder.fingerprint import framework_digest
from autograder.sandbox.layers import survey

_SOFTWARE: Final = {"python": "Python", "numpy": "numpy", "gradus": "Gradus"}


@dataclass(frozen=True)
class Machine:
    """One process that grades, and where it runs.

    Attributes
    ----------
    framework : str
        Hash of all of Gradus that can change a score.
    cores, threads : int
        Cores that it may use, and submissions that it would grade at a time.
    gaps : tuple of str
        Layers of confinement that are missing there.
    """

    host: str
    python: str
    numpy: str
    gradus: str
    framework: str
    cores: int
    threads: int
    gaps: tuple[str, ...]

    @classmethod
    def here(cls, threads: int = 1, cores: int | None = None) -> "Machine":
        """Describe this machine."""
        return cls(
            host=socket.gethostname(),
            python=platform.python_version(),
            numpy=version("numpy"),
            gradus=version("gradus"),
            framework=framework_digest(building=False),
            cores=cores or usable_cores(),
            threads=threads,
            gaps=tuple(survey()),
        )

    def objection(self, ours: "Machine") -> str:
        """Say why it can't grade together with ours; empty if it can."""
        for name, title in _SOFTWARE.items():
            theirs, mine = getattr(self, name), getattr(ours, name)
            if theirs != mine:
                return f"has {title} {theirs}, and this machine {mine}; install the same there"
        if self.framework != ours.framework:
            return "has another state of Gradus or otter-grader; install the same there"
        if self.threads > self.cores:
            return (
                f"has {self.threads} threads on {self.cores} cores, and time limits need a core "
                f"for each; start it with --nthreads {self.cores}"
            )
        return ""
