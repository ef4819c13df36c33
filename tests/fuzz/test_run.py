"""The fuzzer finds what is planted, keeps it, and goes on."""

import os
import signal

import pytest

from tests.fuzz.run import fuzz
from tests.fuzz.targets import Target
from tests.fuzz.watch import Hung, bounded, made, run_share

MEMORY = 8 << 30


def make(rng):
    return bytes([rng.randrange(8)])


def raises_on_seven(data):
    if data == b"\7":
        raise KeyError("planted")
    return data < b"\4"


def kills_on_seven(data):
    if data == b"\7":
        os.kill(os.getpid(), signal.SIGSEGV)
    return True


def asks_for_memory_on_seven(data):
    return len(bytearray(MEMORY if data == b"\7" else 1)) > 0


def never_ends(_data):
    while True:
        pass


def test_an_input_can_be_made_again():
    target = Target("planted", make, raises_on_seven, 0)
    drawn = [made(target, 1, index) for index in range(50)]
    assert drawn == [made(target, 1, index) for index in range(50)]
    assert drawn != [made(target, 2, index) for index in range(50)]
    assert len(set(drawn)) == 8


def test_a_share_goes_on_after_a_failure():
    target = Target("planted", make, raises_on_seven, 0)
    share = run_share(target, 1, range(40))
    assert share.inputs == 40
    assert {made(target, 1, index) for index in share.failures} == {b"\7"}
    assert all("KeyError: 'planted'" in text for text in share.failures.values())
    assert share.accepted == sum(made(target, 1, index) < b"\4" for index in range(40))


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (raises_on_seven, "KeyError"),
        (kills_on_seven, "the process ended with -11"),
        (asks_for_memory_on_seven, "MemoryError"),
    ],
)
def test_what_fails_is_told_and_kept(check, message, tmp_path, capsys):
    row = fuzz(Target("planted", make, check, 0), 40, 1, 1, tmp_path)
    assert row.failed > 0
    assert message in capsys.readouterr().out
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"\7"}


def test_an_input_that_takes_too_long_is_interrupted():
    with pytest.raises(Hung):
        bounded(never_ends, b"", seconds=0.2)
