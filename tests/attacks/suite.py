"""All attacks, in the order of the table in docs/security.md."""

from tests.attacks.attack import Attack
from tests.attacks.ending import ENDING
from tests.attacks.forging import FORGING
from tests.attacks.lying import LYING
from tests.attacks.reaching import REACHING
from tests.attacks.reading import READING
from tests.attacks.submitting import SUBMITTING
from tests.attacks.taking import TAKING

GROUPS: dict[str, tuple[Attack, ...]] = {
    "Read what is hidden": READING,
    "Forge a result": FORGING,
    "Return what is no number": LYING,
    "End, or never end": ENDING,
    "Take too much": TAKING,
    "Reach out": REACHING,
    "Hand in something else": SUBMITTING,
}
ATTACKS: tuple[Attack, ...] = tuple(attack for group in GROUPS.values() for attack in group)
