"""A batch on a real cluster: the same results, whatever happens to its workers."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections import namedtuple
from importlib.util import find_spec

import psutil
import pytest

pytest.importorskip("distributed")

from autograder.errors import FaultError, UsageError
from autograder.grading import cluster as clusters
from autograder.grading.batch import grade_batch, plan
from autograder.grading.cluster import AHEAD, cluster_graders
from autograder.grading.intake.find import find_submissions
from autograder.grading.pool import LocalGraders
from autograder.grading.store import Store
from autograder.packaging.bundle import build_bundle, require_current, write_bundle
from tests.conftest import ROOT
from tests.grading.dask_cluster import DaskCluster, await_end, descendants
from tests.notebooks import RIGHT, submission, write, zipped
from tests.packaging.test_bundle import notebook

NAME = "a01_tiny"
POORER = [sys.executable, ROOT / "tests/deprive.py", "landlock", "ENOSYS"]
CLI = "from autograder.cli import main; main()"
Run = namedtuple("Run", "records store")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers under nannies, as `dask worker` starts them."""
    with DaskCluster(tmp_path_factory.mktemp("dask")) as running:
        running.add_worker()
        running.add_worker()
        yield running


@pytest.fixture
def empty(tmp_path):
    """A scheduler to which a test adds workers."""
    with DaskCluster(tmp_path / "dask") as running:
        yield running


@pytest.fixture
def course(tiny):
    return tiny.build()


@pytest.fixture
def found(course, tiny):
    """Submissions of every kind: right, wrong, zipped, broken, a link, and one that crashes."""
    folder = tiny.root / "submissions" / NAME
    student = notebook(course, NAME)
    answers = {
        "ann": RIGHT,
        "bob": {},
        "carl": RIGHT | {"mean": "def mean(x):\n    return float(sum(x))"},
        "dora": RIGHT | {"scale": "import os\nos._exit(3)"},
    }
    answers |= {f"s{number}": {"mean": RIGHT["mean"]} for number in range(12)}
    for name, answer in answers.items():
        write(folder / f"{name}.ipynb", submission(student, answer))
    data = (folder / "ann.ipynb").read_bytes()
    zipped(folder / "emil.zip", {f"{NAME}.ipynb": data, "other.ipynb": data[:-9]})
    (folder / "fred.ipynb").write_text('{"cells": [')
    (folder / "gita").mkdir()
    (folder / "gita" / f"{NAME}.ipynb").symlink_to("/etc/passwd")
    return find_submissions(tiny.root / "submissions", [NAME])


def graded(course, found, graders, results, on_result=lambda record: None):
    """Grade a batch into a store, and return the records without times."""
    bundles = {NAME: require_current(course, course.assignments[NAME])}
    with Store(results) as store:
        todo = plan(course, found, bundles, store, fresh=False, without=graders.without)

        def progress(record, *, kept):
            on_result(record)

        grade_batch(course, todo, store, graders, progress)
        return untimed(store.records())


def untimed(records):
    return [{**record, "seconds": 0.0} for record in records]


def on(running, course, most=2, confinement="required"):
    return cluster_graders(course, [NAME], running.address, confinement, most)


@pytest.fixture
def local(course, found, tmp_path):
    return graded(course, found, LocalGraders(course, 2), tmp_path / "local")


def test_a_cluster_gives_the_results_of_a_local_run(cluster, course, found, local, tmp_path):
    with on(cluster, course) as graders:
        there = graded(course, found, graders, tmp_path / "there")
    assert there == local
    assert {"graded", "malformed", "tampered"} == {each["status"] for each in there}


def test_a_course_is_private_on_a_worker_and_gone_afterwards(cluster, course, found):
    with on(cluster, course) as graders:
        assert all(result for _, result in graders.grade(found))
        folders = cluster.files()
        assert len(folders) == len(cluster.workers)
        for folder in folders:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert (folder / "reference/maths.py").is_file()
        slots = [each for worker in cluster.workers for each in descendants(worker)]
        graders_there = [
            each for each in slots if "autograder.grading.slots" in str(each.cmdline())
        ]
        assert len(graders_there) == len(cluster.workers)
    assert cluster.files() == []
    await_end(graders_there)


def test_a_batch_that_nobody_finishes_leaves_nothing_behind(cluster, course, found):
    with on(cluster, course) as graders:
        next(iter(graders.grade(found)))
    assert cluster.files() == []


def test_little_is_read_ahead(cluster, course, found):
    read = []

    def reading():
        for each in found:
            read.append(each)
            yield each

    with on(cluster, course, most=1) as graders:
        next(graders.grade(reading()))
        assert len(read) == AHEAD * len(cluster.workers) < len(found)


def test_a_worker_that_is_killed_midway_changes_nothing(empty, course, found, local, tmp_path):
    first, _ = empty.add_worker("--no-nanny"), empty.add_worker("--no-nanny")
    children = []

    def kill_the_first(record):
        if not children:
            children.extend(descendants(first))
            first.kill()

    with on(empty, course, most=1) as graders:
        there = graded(course, found, graders, tmp_path / "there", kill_the_first)
    assert there == local
    assert children
    await_end(children)
    assert empty.files() == [], "what graded for the killed worker has cleaned up"


def test_a_submission_that_kills_its_grader_twice_is_a_fault(cluster, tiny, found, tmp_path):
    """A course file ends the trusted process itself when it meets one student's work."""
    tiny.edit(
        "assignments/a01_tiny/checks.py",
        'return {"y": subject.scale(**case)}',
        "y = subject.scale(**case)\n"
        "    if y.dtype == 'float32': __import__('os').kill(__import__('os').getpid(), 9)\n"
        "    return {'y': y}",
    )
    course = tiny.load()
    write_bundle(course, build_bundle(course, course.assignments[NAME]))
    wrong = RIGHT | {"scale": "def scale(x, factor=2.0):\n    return np.float32(x * factor)"}
    path = tiny.root / "submissions" / NAME / "bob.ipynb"
    write(path, submission(notebook(course, NAME), wrong))
    local = graded(course, found, LocalGraders(course, 1), tmp_path / "local")
    with on(cluster, course) as graders:
        there = graded(course, found, graders, tmp_path / "there")
    assert there == local
    statuses = {each["student"]: each["status"] for each in there}
    assert statuses["bob"] == "fault"
    assert statuses["ann"] == statuses["s3"] == "graded"


def test_a_scheduler_that_goes_away_is_one_sentence_and_results_stay(empty, course, found):
    empty.add_worker("--no-nanny")
    command = [sys.executable, "-c", CLI, "grade", "submissions", "--cluster", empty.address]
    with subprocess.Popen(
        command, cwd=course.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        shown = [running.stdout.readline()]
        empty.scheduler.kill()
        shown += running.stdout.readlines()
        errors = running.stderr.read()
    assert running.returncode == 3
    lost = "gradus: the scheduler of the cluster has gone "
    assert [line.startswith(lost) for line in errors.splitlines()] == [False, True], errors
    assert errors.endswith("results so far are kept, run the same command to go on\n")
    with Store.existing(course.root / "results") as store:
        assert 0 < len(list(store.records())) == len(shown) < len(found)


def test_workers_that_are_all_gone_end_the_run(empty, course, found, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "WORKER_SECONDS", 1.0)
    worker = empty.add_worker("--no-nanny")
    with (
        pytest.raises(FaultError, match=r"^no worker of the cluster"),
        on(empty, course, most=1) as graders,
    ):
        graded(course, found, graders, tmp_path / "there", lambda record: worker.kill())


def test_a_worker_with_another_gradus_is_refused(empty, course, tmp_path):
    shutil.copytree(ROOT / "autograder", tmp_path / "other/autograder")
    with (tmp_path / "other/autograder/numerics/compare.py").open("a") as file:
        file.write("\n# another state\n")
    empty.add_worker(environment={"PYTHONPATH": str(tmp_path / "other")})
    with pytest.raises(UsageError, match="has another state of Gradus"), on(empty, course):
        pass


def test_a_worker_without_gradus_is_refused(empty, course, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other/autograder.py").write_text("")
    empty.add_worker(environment={"PYTHONPATH": str(tmp_path / "other")})
    with pytest.raises(UsageError, match="does not have this version of Gradus"), on(empty, course):
        pass


def test_a_worker_that_does_not_fit_is_refused_when_it_joins_later(empty, course, found, tmp_path):
    first = empty.add_worker("--no-nanny")
    with on(empty, course, most=1) as graders:
        empty.add_worker("--nthreads", "4096")
        first.kill()
        with pytest.raises(UsageError, match="has 4096 threads on"):
            graded(course, found, graders, tmp_path / "there")


def test_a_worker_with_more_threads_than_cores_is_refused(empty, course):
    empty.add_worker("--nthreads", "4096")
    with (
        pytest.raises(UsageError, match=r"has 4096 threads on .* start it with"),
        on(empty, course),
    ):
        pass


def test_a_worker_that_lacks_a_layer_is_refused_or_said_so(empty, course, found, local, tmp_path):
    empty.add_worker(before=POORER)
    with pytest.raises(UsageError, match="which lacks landlock"), on(empty, course):
        pass
    with on(empty, course, confinement="available") as graders:
        there = graded(course, found, graders, tmp_path / "there")
    assert {each["confinement"] for each in there} == {"without landlock"}
    assert [each["score"] for each in there] == [each["score"] for each in local]


def test_a_cluster_without_workers_is_refused(empty, course, monkeypatch):
    monkeypatch.setattr(clusters, "WORKER_SECONDS", 0.1)
    with pytest.raises(UsageError, match="has no workers"), on(empty, course):
        pass


def gradus(folder, *arguments, code=CLI, environment=None):
    command = [sys.executable, "-c", code, "grade", "submissions", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment
    )


def test_the_command_grades_on_a_cluster(cluster, course, found):
    done = gradus(course.root, "--cluster", cluster.address)
    assert done.returncode == 1, done.stderr
    assert f"{len(found) - 2} graded, 2 without a score, 0 unchanged" in done.stdout
    # Two that need review, and what that means; no warnings.
    assert done.stderr.count("\n") == len(found.notes) + 3
    lines = (course.root / "results/results.jsonl").read_text().splitlines()
    assert {json.loads(line)["confinement"] for line in lines} == {"full"}
    again = gradus(course.root)
    assert f"0 graded, {len(found)} unchanged" in again.stdout, "here and there are the same"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--cluster", "somewhere"], "--cluster somewhere: not an address such as tcp://"),
        (["--cluster", "odd://127.0.0.1:1"], "--cluster odd://127.0.0.1:1: not an address "),
        (["--cluster", "tcp://127.0.0.1"], "--cluster tcp://127.0.0.1: not an address "),
        (["--cluster", "tcp://127.0.0.1:1"], "no Dask scheduler answers at tcp://127.0.0.1:1: "),
        (["--cluster", "slurm:no.yml"], "--cluster slurm:no.yml: there is no such file"),
        (["--cluster", "tcp://127.0.0.1:1", "--workers", "2"], "--workers is for this machine"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_address_is_one_sentence(course, found, arguments, sentence, monkeypatch):
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    done = gradus(course.root, *arguments)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"gradus: {sentence}"), done.stderr
    assert "Traceback" not in done.stderr
    assert not (course.root / "results").exists()


def test_without_the_extra_a_sentence_says_what_to_install(course, found):
    missing = f"import sys; sys.modules['distributed'] = None; {CLI}"
    done = gradus(course.root, "--cluster", "tcp://127.0.0.1:1", code=missing)
    assert done.returncode == 2
    assert "pip install 'gradus[cluster]'" in done.stderr.splitlines()[-1]


SBATCH = """#!{python}
import subprocess, sys, pathlib
log = pathlib.Path({folder!r}, "job.log").open("w")
script = pathlib.Path(sys.argv[-1])
copy = pathlib.Path({folder!r}, "job.sh")
copy.write_text(script.read_text())
command = ["sleep", "600"] if pathlib.Path({folder!r}, "busy").exists() else ["bash", copy]
job = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
pathlib.Path({folder!r}, "number").write_text(str(job.pid))
print("Submitted batch job", job.pid)
"""
SCANCEL = """#!{python}
import os, signal, sys
os.killpg(int(sys.argv[-1]), signal.SIGTERM)
"""


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """Commands of Slurm's names that start a job on this machine, or wait if that is busy."""
    if find_spec("dask_jobqueue") is None:  # not imported here: that changes what Ctrl-C does
        pytest.skip("jobs need dask-jobqueue")
    folder = tmp_path / "slurm"
    folder.mkdir()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        (folder / name).write_text(text.format(python=sys.executable, folder=str(folder)))
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def job_number(folder):
    """Return the number of the job that was handed in last."""
    path = folder / "number"
    return int(path.read_text() or 0) if path.exists() else 0


PROFILE = "jobs: 1\ncores: 1\nmemory: 2GB\ninterface: lo\nqueue: cpu\nwalltime: '00:30:00'\n"


def test_jobs_of_slurm_grade_and_end_with_the_run(course, found, local, slurm):
    (course.root / "cpu.yml").write_text(PROFILE)
    done = gradus(course.root, "--cluster", "slurm:cpu.yml")
    assert done.returncode == 1, done.stderr
    lines = (course.root / "results/results.jsonl").read_text().splitlines()
    assert untimed(map(json.loads, lines)) == local
    job = (slurm / "job.sh").read_text()
    assert "#SBATCH -p cpu\n" in job
    assert "#SBATCH -t 00:30:00\n" in job


def test_ctrl_c_while_jobs_wait_calls_them_off(course, found, slurm):
    (course.root / "cpu.yml").write_text(PROFILE)
    (slurm / "busy").touch()
    command = [sys.executable, "-c", CLI, "grade", "submissions", "--cluster", "slurm:cpu.yml"]
    with subprocess.Popen(command, cwd=course.root, stderr=subprocess.PIPE, text=True) as running:
        while not (number := job_number(slurm)):
            assert running.poll() is None
            time.sleep(0.05)
        job = psutil.Process(number)
        time.sleep(1)  # it waits for the job by now
        running.send_signal(signal.SIGINT)
        errors = running.stderr.read()
    assert running.returncode == 130, errors
    assert errors.splitlines()[-1].startswith("gradus: stopped; "), errors
    await_end([job])


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ("cores: 1\nmemory: 2GB\n", "cpu.yml:1: jobs: Field required"),
        ("jobs: 0\ncores: 1\nmemory: 2GB\n", "cpu.yml:1: jobs: Input should be greater"),
        ("jobs: 1\nmemory: 2GB\n", "cpu.yml: dask-jobqueue refuses it: "),
        ("jobs: 1\ncores: 1\nmemory: 2GB\nqueu: cpu\n", "cpu.yml: dask-jobqueue refuses it: "),
    ],
    ids=["no jobs", "too few jobs", "no cores", "an unknown key"],
)
def test_a_wrong_profile_is_one_sentence(course, found, slurm, profile, sentence):
    (course.root / "cpu.yml").write_text(profile)
    done = gradus(course.root, "--cluster", "slurm:cpu.yml")
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"gradus: {sentence}"), done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def certificates(tmp_path):
    """Settings of Dask for encryption with a certificate that vouches for itself."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gradus"]
    try:
        subprocess.run(
            [*command, "-keyout", key, "-out", certificate], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("openssl makes the certificates")
    settings = {"REQUIRE_ENCRYPTION": "True", "TLS__CA_FILE": str(certificate)}
    for side in ("CLIENT", "SCHEDULER", "WORKER"):
        settings |= {f"TLS__{side}__KEY": str(key), f"TLS__{side}__CERT": str(certificate)}
    return {f"DASK_DISTRIBUTED__COMM__{name}": value for name, value in settings.items()}


def test_encryption_is_as_dask_is_configured(course, found, certificates, tmp_path):
    (tmp_path / "dask").mkdir()
    with DaskCluster(tmp_path / "dask", certificates, protocol="tls") as running:
        running.add_worker()
        assert running.address.startswith("tls://")
        refused = gradus(course.root, "--cluster", running.address)
        assert refused.returncode == 2
        assert f"no Dask scheduler answers at {running.address}" in refused.stderr
        done = gradus(
            course.root, "--cluster", running.address, environment={**os.environ, **certificates}
        )
        assert f"{len(found) - 2} graded, 2 without a score, 0 unchanged" in done.stdout, (
            done.stderr
        )
