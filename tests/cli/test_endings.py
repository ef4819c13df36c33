"""How runs end: exit codes, and one sentence for what is wrong."""

import subprocess

import nbformat
import pytest

from tests.cli.runs import command, environment, gradus
from tests.notebooks import write
from tests.reporting.results import scored, stored

# what is wrong, the command, and what the one sentence says
WRONG = {
    "an unknown exercise in the policy": (
        ("grading.yml", "maths.mean: 3", "maths.maen: 3"),
        ["dist"],
        "grading.yml:7: 'maths.maen' is not an exercise of a01_tiny. Did you mean 'maths.mean'?",
    ),
    "a misspelt marker": (
        ("reference/maths.py", "# SOLUTION", "# SOLUTOIN"),
        ["dist"],
        "reference/maths.py:17: comment '# SOLUTOIN' resembles the marker",
    ),
    "a mutant that no longer matches": (
        ("assignments/a01_tiny/checks.py", 'old="total / len(x)"', 'old="total / n"'),
        ["validate"],
        "mutant 'sum': the old text 'total / n' does not occur in the code of maths.mean",
    ),
    "a check that returns nothing": (
        (
            "assignments/a01_tiny/checks.py",
            'return {"y": subject.scale(**case)}',
            "subject.scale(**case)",
        ),
        ["dist"],
        "check 'scales_by_two': returns None; a check returns an observation",
    ),
    "a missing folder": (None, ["grade", "nowhere"], "nowhere does not exist"),
    "an unknown assignment": (
        None,
        ["dist", "a02"],
        "there is no assignment 'a02'; the course has a01_tiny.",
    ),
    "a bundle that was not built": (
        None,
        ["grade", "submissions"],
        "the bundle of a01_tiny is missing; run: gradus dist a01_tiny",
    ),
    "results that are not there": (None, ["report", "nowhere"], "nowhere holds no results"),
    "a name that is no assignment": (
        None,
        ["new", "Attention"],
        "'Attention' is no name for an assignment",
    ),
    "an unknown command": (None, ["grad"], "No such command 'grad'"),
    "an unknown option": (None, ["dist", "--frsh"], "No such option"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_one_clear_sentence_and_exit_code_2(tiny, name):
    edit, command, message = WRONG[name]
    write(tiny.root / "submissions/a01_tiny/ann.ipynb", nbformat.v4.new_notebook())
    if edit:
        tiny.edit(*edit)
    done = gradus(tiny.root, *command)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr.replace("\n", " ").replace("│", ""), done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path):
    with subprocess.Popen(
        command("schema"), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (141, b""), "what a shell says of SIGPIPE"


@pytest.mark.parametrize(
    ("locale", "name", "sign"),
    [
        ({"LANG": "C.UTF-8"}, "Zoë", "✗"),
        ({"LANG": "C"}, "Zoë", "x"),
        ({"PYTHONIOENCODING": "ascii"}, "Zo\\xeb", "x"),
    ],
    ids=str,
)
def test_what_a_terminal_cannot_show_stops_nothing(tmp_path, locale, name, sign):
    results = stored(tmp_path / "results", scored("Zoë", 7.5))
    done = gradus(tmp_path, "report", results, "--student", "Zoë", **locale)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{name}: a03_losses\n")
    assert f"{sign} mse  7.5 of 10\n" in done.stdout
