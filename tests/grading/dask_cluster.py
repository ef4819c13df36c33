"""A real cluster on this machine: a scheduler and workers, each a process of its own."""

import os
import select
import subprocess
import sys
import threading

import psutil

DASK = [sys.executable, "-m", "dask"]


class DaskCluster:
    """Ends with all its processes at the end of the ``with`` block."""

    def __init__(self, folder, environment=None, protocol="tcp"):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.workers = []
        self._logs = []
        self._environment = {**os.environ, **(environment or {})}
        arguments = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = self._start(DASK, [*arguments, "--protocol", protocol])
        self.address = self._says(self.scheduler, "Scheduler at:").split()[-1]

    def add_worker(self, *arguments, before=(), environment=None):
        """Start a worker with one thread, and wait until it has registered."""
        place = self.folder / f"worker{len(self.workers)}"
        usual = [self.address, "--nthreads", "1", "--no-dashboard", "--local-directory", place]
        command = ["worker", *usual, *arguments]
        worker = self._start([*before, *DASK], command, environment)
        self.workers.append(worker)
        self._says(worker, "Registered to:")
        return worker

    def _start(self, program, arguments, environment=None):
        return subprocess.Popen(
            [*map(str, program), *map(str, arguments)],
            env=self._environment | (environment or {}),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _says(self, process, words):
        seen = []
        for line in process.stderr:
            seen.append(line)
            if words in line:
                rest = threading.Thread(target=process.stderr.read, daemon=True)
                rest.start()
                self._logs.append((rest, process.stderr))
                return line
        raise AssertionError("".join(seen))

    def files(self):
        """Return the folders of courses that are on the workers."""
        return list(self.folder.rglob("gradus-*"))

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for process in (*self.workers, self.scheduler):
            process.terminate()
        for process in (*self.workers, self.scheduler):
            _end(process)
        for rest, log in self._logs:
            rest.join()
            log.close()


def _end(process):
    """Wait for a process that was told to end; one that lost its scheduler meanwhile may not."""
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def descendants(process):
    """Return the processes that a process has started, and those that they have."""
    return psutil.Process(process.pid).children(recursive=True)


def await_end(processes):
    """Wait until processes have ended, each of which may take a minute."""
    for each in processes:
        try:
            descriptor = os.pidfd_open(each.pid)
        except ProcessLookupError:
            continue
        try:
            assert select.select([descriptor], [], [], 60)[0], each
        finally:
            os.close(descriptor)
