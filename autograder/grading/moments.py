"""When to grade each exercise: usually at the end, but before a helper of it is defined anew.

Students name helpers alike: a ``class State`` for one optimizer, another ``class State`` for the
next. At the end of the notebook the first optimizer would find the second one's helper, and a
right answer would fail. So an exercise whose helpers are bound again by a later cell is graded
right after the cell that defines it, as a student who runs its check there sees it.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

from autograder.grading.names import bound, statements, used
from autograder.model import CodeCell, Exercise

Bindings = Mapping[str, str]  # the text that binds a name

LARGEST_SOURCE = 1_000_000  # characters of code in a notebook


def early_moments(cells: Sequence[CodeCell], exercises: Sequence[Exercise]) -> dict[int, list[str]]:
    """Return the exercises to grade before the end, by the position of the cell after which.

    Parameters
    ----------
    cells : sequence of CodeCell
        The notebook; one that is too large to be a student's own work is graded at its end only.
    exercises : sequence of Exercise
        What is graded.
    """
    if sum(len(cell.source) for cell in cells) > LARGEST_SOURCE:
        return {}
    if not _overlap(bound(cell.source) for cell in cells):
        return {}
    bindings = [dict(statements(cell.source)) for cell in cells]
    if not _bound_twice(bindings):
        return {}
    moments: dict[int, list[str]] = {}
    for exercise in exercises:
        names = {target.split(".")[1] for target in exercise.targets}
        defining = [position for position, each in enumerate(bindings) if names & each.keys()]
        if defining and _bound_again(bindings, defining[-1], names):
            moments.setdefault(defining[-1], []).append(exercise.name)
    return moments


def _overlap(sets: Iterable[Set[str]]) -> bool:
    """Return whether anything is in two of the sets; finding that out needs no parsing."""
    seen: set[str] = set()
    for each in sets:
        if not seen.isdisjoint(each):
            return True
        seen |= each
    return False


def _bound_twice(bindings: Sequence[Bindings]) -> bool:
    """Return whether any name is bound in two ways."""
    first: dict[str, str] = {}
    return any(
        first.setdefault(name, text) != text for each in bindings for name, text in each.items()
    )


def _bound_again(bindings: Sequence[Bindings], position: int, names: set[str]) -> bool:
    """Return whether a later cell binds something that `names` use."""
    before: dict[str, str] = {}
    for each in bindings[: position + 1]:
        before |= each
    needed = _needed(before, names) - names
    return any(
        text != before[name]
        for each in bindings[position + 1 :]
        for name, text in each.items()
        if name in needed
    )


def _needed(before: Bindings, names: set[str]) -> set[str]:
    """Return the names bound in the notebook that `names` lead to, over any number of steps."""
    needed: set[str] = set()
    pending = list(names & before.keys())
    while pending:
        name = pending.pop()
        needed.add(name)
        pending += (used(before[name]) & before.keys()) - needed - set(pending)
    return needed
