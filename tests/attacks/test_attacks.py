"""No attack changes a score, reads anything hidden, or stops the batch."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.attack import TROPHY
from tests.attacks.batch import (
    CANARIES,
    HONEST,
    got_trophy,
    hidden_numbers,
    honest_name,
    run,
    shows_hidden,
    student_of,
)
from tests.attacks.suite import ATTACKS, GROUPS

HERE = Path(__file__).resolve()
ORDINARY = 1000
NOT_COMPARED = {"student", "submission", "seconds"}


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    return run(tmp_path_factory.mktemp("batch"), ATTACKS)


def test_names_of_attacks_and_of_their_students_are_unique():
    assert len({each.name for each in ATTACKS}) == len(ATTACKS) == sum(map(len, GROUPS.values()))
    assert len({student_of(each).casefold() for each in ATTACKS}) == len(ATTACKS)


def test_the_batch_ends_by_itself_and_loses_nobody(batch):
    assert batch.exit_code == 1, batch.shown[-3000:]  # some were refused; nothing was a fault
    assert len(batch.records) == 2 * len(ATTACKS), batch.shown[-3000:]
    assert {each["status"] for each in batch.records.values()} <= {
        "graded",
        "malformed",
        "tampered",
    }


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_earns_what_its_honest_part_earns(batch, attack):
    record = batch.records[student_of(attack)]
    allowed = {attack.score, None} if attack.may_be_refused else {attack.score}
    assert record["score"] in allowed, record
    assert not got_trophy(batch, attack)
    assert not shows_hidden(batch, attack)


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[each.name for each in ATTACKS])
def test_the_honest_student_beside_an_attack_gets_what_is_due(batch, number):
    record = batch.records[honest_name(number)]
    assert record["score"] == HONEST[number % len(HONEST)][1]
    first = batch.records[honest_name(number % len(HONEST))]
    assert {key: record[key] for key in record.keys() - NOT_COMPARED} == {
        key: first[key] for key in record.keys() - NOT_COMPARED
    }


def test_nothing_hidden_comes_out(batch):
    written = batch.written()
    assert TROPHY not in batch.shown
    for secret in (*CANARIES.values(), *hidden_numbers(batch.course), "mean_of_shifted(env"):
        assert secret not in written


def test_the_size_of_an_error_tells_no_hidden_value(batch):
    """Returning 1e200 gives 1e200 / (value + scale) in units of the tolerance."""
    record = batch.records["return-a-number-to-be-told-how-far-off-it-is"]
    checks = [check for exercise in record["exercises"] for check in exercise["checks"]]
    errors = [check["error"] for check in checks if not check["public"]]
    assert errors == [None]


def test_nothing_is_left_behind_outside(batch):
    assert list(batch.places.trophy.parent.iterdir()) == []
    assert not list(Path("/dev/shm").glob("gradus-attack*"))
    assert batch.places.secret.read_text() == CANARIES["file"]
    assert not Path("/tmp/gradus-attack.ipynb").exists()


def test_what_is_shown_on_a_terminal_is_harmless(batch):
    assert all(each.isprintable() or each == "\n" for each in batch.shown)


@pytest.mark.skipif(os.geteuid() != 0, reason="the batch was graded by an ordinary user")
def test_all_of_this_holds_when_an_ordinary_user_grades():
    """Run this file again as one; it may read the interpreter, wherever it is installed."""
    setpriv = shutil.which("setpriv")
    assert setpriv is not None, "setpriv of util-linux is needed to become an ordinary user"
    user = [f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups"]
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE)]
    result = subprocess.run(
        [setpriv, *user, *reading, *again],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parents[2],
        env={**os.environ, "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]
    assert "1 skipped" in result.stdout
