"""One submission through a real sandbox: what each kind of work is worth."""

import json
from dataclasses import replace

import pytest

from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.grading.process import sandbox_limits
from autograder.grading.records import record
from autograder.model import Limits, Status, Verdict
from autograder.sandbox.server import SandboxServer
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

LIMITS = Limits(cell_seconds=1.0, check_seconds=1.0, submission_seconds=60.0)


@pytest.fixture(scope="module")
def tiny_built(tmp_path_factory):
    from tests.conftest import TinyCourse

    return replace(TinyCourse(tmp_path_factory.mktemp("tiny")).build(), limits=LIMITS)


@pytest.fixture(scope="module")
def server(tiny_built):
    with SandboxServer(sandbox_limits(tiny_built)) as server:
        yield server


@pytest.fixture
def grade(tiny_built, server, tmp_path):
    student = notebook(tiny_built, "a01_tiny")
    grader = Grader(tiny_built, lambda _: server)

    def grade(answers, cells=()):
        path = write(tmp_path / "ann.ipynb", submission(student, answers, cells))
        return grader.grade(Submission("a01_tiny", "ann", path))

    return grade


def checks(result):
    return {check.check: check for exercise in result.exercises for check in exercise.checks}


def cell(result, index):
    return next(each for each in result.cells if each.index == index)


def test_right_answers_earn_everything(grade):
    result = grade(RIGHT)
    assert (result.status, result.score, result.points) == (Status.GRADED, 4.0, 4.0)
    assert {check.verdict for check in checks(result).values()} == {Verdict.PASSED}
    assert {each.outcome for each in result.cells} == {"completed", "skipped"}


def test_an_untouched_notebook_earns_nothing_and_says_what_to_do(grade):
    result = grade({})
    assert result.score == 0
    assert {check.message for check in checks(result).values()} == {
        "still to do: your code here: mean.",
        "still to do: your code here: scale.",
    }
    assert all(check.diagnosis is None for check in checks(result).values())


def test_a_known_mistake_is_named(grade):
    result = grade(RIGHT | {"mean": "def mean(x):\n    return sum(x)"})
    assert result.score == 1.0
    check = checks(result)["mean_of_entries"]
    assert check.verdict is Verdict.FAILED
    assert check.diagnosis.mutants == ("sum",)
    assert check.diagnosis.hint == "A sum or a mean?"
    assert check.message.startswith("mean is ")
    assert ", expected " in check.message
    assert check.error > 1
    assert checks(result)["mean_of_shifted"].message == "mean has a wrong value."


def test_an_unknown_mistake_is_not_named(grade):
    result = grade(RIGHT | {"mean": "def mean(x):\n    return sum(x) / 3.3"})
    assert checks(result)["mean_of_entries"].diagnosis is None


def test_equal_unknown_mistakes_share_a_fingerprint_and_known_ones_have_none(grade):
    bodies = {
        "one": "return sum(x) / 3.3",
        "the same": "return np.add.reduce(x) * (1 / 3.3)",
        "another": "return sum(x) / 3.4",
        "known": "return sum(x)",
    }
    found = {
        name: [
            each.fingerprint
            for each in grade(RIGHT | {"mean": f"def mean(x):\n    {body}"}).exercises
        ]
        for name, body in bodies.items()
    }
    assert found["one"] == found["the same"] != found["another"]
    assert found["one"][0]
    assert found["another"][0]
    assert found["known"] == ["", ""]
    assert all(second == "" for _, second in found.values())


def test_what_was_done_to_the_right_answer_is_named_for_the_values_only(grade):
    answer = "def mean(x):\n    return -float(x.sum() / len(x))"
    result = grade(RIGHT | {"mean": answer})
    diagnosis = checks(result)["mean_of_entries"].diagnosis
    assert (diagnosis.mutants, diagnosis.kind) == (("transform: negated",), "transform")
    partly = "def mean(x):\n    if x.min() > 3.5: raise ValueError\n    return -float(x.mean())"
    named = {name: each.diagnosis for name, each in checks(grade(RIGHT | {"mean": partly})).items()}
    assert all(each is None or each.kind == "transform" for each in named.values())


DEATHS = {
    "a loop": ("while True: pass", "mean did not return in time and was stopped."),
    "a loop that will not stop": (
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "mean did not return in time and was stopped.",
    ),
    "an exit": ("import os; os._exit(3)", "mean ended the Python process."),
    "a crash": ("import ctypes; ctypes.string_at(0)", "mean ended the Python process."),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_death_costs_only_the_check_it_happens_in(grade, name):
    code, message = DEATHS[name]
    body = f"def mean(x):\n    if x[0] > 0 and x.shape != (2,): return sum(x) / len(x)\n    {code}"
    result = grade(RIGHT | {"mean": body})
    assert result.status is Status.GRADED
    assert checks(result)["mean_of_entries"].message == message
    assert checks(result)["scales_by_two"].verdict is Verdict.PASSED
    assert result.score == 1.0


def test_memory_is_limited(grade):
    result = grade(RIGHT | {"mean": "def mean(x):\n    return np.ones(10**11).sum()"})
    assert checks(result)["mean_of_entries"].message == "mean needed more memory than there is."
    assert result.score == 1.0


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("1 / 0", "raised"),
        ("raise SystemExit", "raised"),
        ("x = (", "raised"),
        ("input('name?')", "raised"),
        ("while True: pass", "timed out"),
        ("import os; os._exit(1)", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("print('x' * 3_000_000)", "output limit"),
    ],
)
def test_a_bad_cell_costs_nothing_but_itself(grade, code, outcome):
    result = grade(RIGHT, [code])
    assert cell(result, 1).outcome == outcome
    assert result.score == 4.0


@pytest.mark.parametrize(
    "code",
    [
        "%matplotlib inline",
        "!pip install numpy",
        "%pip install -q otter-grader",
        "%%time\nx = 1",
        "mean?",
        "from IPython.display import display; display(1)",
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
        "await __import__('asyncio').sleep(0)",
        "get_ipython().run_line_magic('time', 'x = 1')",
        "grader = __import__('otter').Notebook('hw.ipynb'); grader.check_all(); grader.export()",
    ],
)
def test_what_notebooks_do_is_no_failure(grade, code):
    result = grade(RIGHT, [code])
    assert cell(result, 1).outcome == "completed", cell(result, 1).message
    assert result.score == 4.0


def test_a_notebook_that_kills_every_worker_is_graded_all_the_same(grade):
    result = grade(RIGHT, ["import os; os._exit(1)"] * 9)
    assert result.status is Status.GRADED
    assert {check.verdict for check in checks(result).values()} == {Verdict.SKIPPED}
    assert "used up its time" in checks(result)["mean_of_entries"].message


def test_a_deleted_answer_is_named(grade):
    result = grade(RIGHT | {"mean": "# deleted"})
    assert (
        checks(result)["mean_of_entries"].message
        == "mean raised NameError: name 'mean' is not defined."
    )
    assert result.score == 1.0


def test_state_that_is_no_data_stays_in_the_worker_and_comes_back(grade):
    code = (
        "class Mean:\n    def __init__(self): self.n = 0\n"
        "def mean(x):\n    m = Mean(); m.n = len(x); return sum(x) / m.n"
    )
    assert grade(RIGHT | {"mean": code}).score == 4.0


SLOPPY = {
    "unknown": RIGHT | {"mean": "def mean(x):\n    return x.mean() + 0.1 * np.random.rand()"},
    "known": RIGHT | {"mean": "def mean(x):\n    return sum(x)"},
    "raising": RIGHT | {"mean": "def mean(x):\n    raise ValueError('no')"},
    "endless": RIGHT | {"scale": "def scale(x, factor=2.0):\n    while True: pass"},
    "untouched": {},
}


def test_a_result_does_not_depend_on_what_was_graded_before(tiny_built, server, tmp_path):
    student = notebook(tiny_built, "a01_tiny")
    paths = {
        name: write(tmp_path / f"{name}.ipynb", submission(student, answers))
        for name, answers in SLOPPY.items()
    }

    def graded(grader, name):
        return replace(grader.grade(Submission("a01_tiny", name, paths[name])), seconds=0.0)

    alone = {name: graded(Grader(tiny_built, lambda _: server), name) for name in SLOPPY}
    used = Grader(tiny_built, lambda _: server)
    for name in (*SLOPPY, *reversed(SLOPPY)):
        assert graded(used, name) == alone[name]


def test_a_thousand_regrades_give_the_same_bytes(tiny_built, server, tmp_path):
    answers = RIGHT | {"mean": "def mean(x):\n    return x.mean() + 0.1 * np.random.rand()"}
    path = write(tmp_path / "ann.ipynb", submission(notebook(tiny_built, "a01_tiny"), answers))
    grader, ann = Grader(tiny_built, lambda _: server), Submission("a01_tiny", "ann", path)
    results = (replace(grader.grade(ann), seconds=0.0) for _ in range(1000))
    assert len({json.dumps(record(each, "full")) for each in results}) == 1


def test_the_sandbox_never_sees_an_expected_value_or_a_hidden_check(grade, tmp_path):
    spy = (
        "import gc, sys\n"
        "found = [n for n in sys.modules if n.startswith('autograder') and 'sandbox' not in n and n != 'autograder']\n"
        "found += [n for n in sys.modules if n.startswith(('reference', 'assignments'))]\n"
        "assert not found, found\n"
        "texts = [o for o in gc.get_objects() if isinstance(o, dict) and 'mean_of_shifted' in o]\n"
        "assert not texts\n"
    )
    assert cell(grade(RIGHT, [spy]), 1).outcome == "completed"


def test_helpers_of_the_same_name_do_not_spoil_a_right_answer(grade):
    answers = {
        "mean": "class Work:\n    def done(self, x): return sum(x) / len(x)\ndef mean(x):\n    return Work().done(x)",
        "scale": "class Work:\n    pass\ndef scale(x, factor=2.0):\n    return x * factor",
    }
    assert grade(answers).score == 4.0


def test_an_answer_mended_later_counts(grade):
    answers = {
        "mean": "def total(x): return sum(x)\ndef mean(x):\n    return total(x)",
        "scale": "def total(x): return sum(x) / len(x)\ndef scale(x, factor=2.0):\n    return x * factor",
    }
    assert grade(answers).score == 4.0
