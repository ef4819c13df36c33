"""docs/security.md lists the attacks of the suite, and what was measured."""

import re

import pytest

from tests.attacks.attack import FULL
from tests.attacks.suite import ATTACKS
from tests.attacks.table import SYSTEMS, measured, table, written_table


def rows():
    text = written_table()
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [each for each in cells if each[0] != "Attack"]


def test_the_page_lists_exactly_the_attacks_of_the_suite():
    assert [each[0] for each in rows()] == [each.name for each in ATTACKS]
    assert measured()["attacks"].keys() == {each.name for each in ATTACKS}


def test_the_page_holds_what_was_measured():
    assert written_table() == table(measured())


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_gradus_did_when_it_was_measured_is_what_the_suite_demands(attack):
    cell = measured()["attacks"][attack.name]["gradus"]
    due = "not graded" if attack.score is None else f"{attack.score:g} of {FULL:g}"
    allowed = {due, "not graded"} if attack.may_be_refused else {due}
    assert cell in allowed


def test_every_system_was_given_every_attack_that_is_a_plain_notebook():
    for attack in ATTACKS:
        cells = measured()["attacks"][attack.name]
        assert set(cells) == set(SYSTEMS)
        assert ("–" not in cells.values()) == attack.portable, attack.name
        assert all(re.fullmatch(r"[^|\n]+", cell) for cell in cells.values())
