"""Measure the attacks of tests/attacks/ against Gradus, otter and nbgrader.

``python -m bench.attacks`` writes what each did to tests/attacks/measured.json, and the table of
docs/security.md from it. With names of attacks it measures only those again; with ``--table`` none.
"""

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from bench.attack_systems import Machine, Nbgrader, Otter, Outcome, System, version
from tests.attacks import batch
from tests.attacks.attack import FULL, Attack
from tests.attacks.suite import ATTACKS
from tests.attacks.table import MEASURED, measured, write_table

NOT_TRIED = "–"
SYSTEMS: tuple[type[System], ...] = (Otter, Nbgrader)
AT_ONCE = 3  # runs of each system
FIRST_USER = 61001  # the others run as users of their own, if the caller is root

writing = Lock()

Found = dict[str, dict[str, str]]  # what each system did, by attack


def main() -> None:
    """Measure, unless only the table is asked for; then write the table."""
    names = sys.argv[1:]
    if names != ["--table"]:
        measure([each for each in ATTACKS if not names or each.name in names])
    write_table()


def measure(attacks: Sequence[Attack]) -> None:
    """Give attacks to all three systems, and write down what they do."""
    os.environ.setdefault("GRADUS_SECRET", "a secret of the bench")
    found: Found = measured()["attacks"] if MEASURED.is_file() else {}
    with TemporaryDirectory(prefix="gradus-attacks-") as name:
        root = Path(name)
        root.chmod(0o755)
        (root / "gradus").mkdir()
        done = batch.run(root / "gradus", attacks)
        note_gradus(done, attacks, found)
        with ThreadPoolExecutor(len(SYSTEMS)) as pool:
            list(pool.map(partial(measure_other, root, done, attacks, found), SYSTEMS))
    write_measured(found)


def write_measured(found: Found) -> None:
    """Write what was found so far, in the order of the suite."""
    kept = {each.name: found[each.name] for each in ATTACKS if each.name in found}
    content = {"versions": [version(each.name) for each in SYSTEMS], "attacks": kept}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    MEASURED.write_text(text, encoding="utf-8")


def note_gradus(done: batch.Batch, attacks: Sequence[Attack], found: Found) -> None:
    """Write down what Gradus did with all attacks in one batch."""
    for attack in attacks:
        got, shown = batch.got_trophy(done, attack), batch.shows_hidden(done, attack)
        outcome = Outcome(done.score(attack), got, shown, hung=False)
        cells = found.setdefault(attack.name, {"otter": NOT_TRIED, "nbgrader": NOT_TRIED})
        cells["gradus"] = sentence(attack, outcome)


def measure_other(
    root: Path, done: batch.Batch, attacks: Sequence[Attack], found: Found, kind: type[System]
) -> None:
    """Give attacks to one system, one after the other."""
    machine = Machine(root / kind.name, FIRST_USER + SYSTEMS.index(kind))
    system = kind(done.course, done.places, machine)

    def try_one(attack: Attack) -> None:
        words = sentence(attack, system.try_attack(attack))
        print(f"{kind.name}: {attack.name}: {words}", flush=True)
        with writing:
            found[attack.name][kind.name] = words
            write_measured(found)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(try_one, [each for each in attacks if each.portable]))


def sentence(attack: Attack, outcome: Outcome) -> str:
    """Say in a few words what a system did."""
    words = [_score(attack, outcome)]
    words += ["**succeeds**"] * outcome.got
    words += ["**shows them**"] * (outcome.shown and "hidden inputs" in attack.name)
    words += ["**the next student has no score**"] * (not outcome.neighbour)
    return "; ".join(words)


def _score(attack: Attack, outcome: Outcome) -> str:
    if outcome.hung:
        return "**hangs**"
    if outcome.score is None:
        return "not graded" if attack.score is None or attack.may_be_refused else "**no score**"
    due = attack.score or 0.0
    text = f"{outcome.score:g} of {FULL:g}"
    if abs(outcome.score - due) > 1e-6:
        return f"**{text}**, {'more' if outcome.score > due else 'less'} than due"
    return text


if __name__ == "__main__":
    main()
