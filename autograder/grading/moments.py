"""When to grade each exercise: usually at the end, but before a helper of it is defined anew.

Students name helpers alike: a ``class State`` for one optimizer, another ``class State`` for the
next. At the end of the notebook the first optimizer would find the second one's helper, and a
right answer would fail. So an exercise whose helpers are bound again by a later cell is graded
right after the cell that defines it, as a student who runs its check there sees it.
"""

import ast
import re
from collections.abc import Iterator, Sequence

from autograder.model import CodeCell, Exercise

Bindings = dict[str, ast.stmt]

LARGEST_SOURCE = 1_000_000  # characters of code in a notebook


def early_moments(cells: Sequence[CodeCell], exercises: Sequence[Exercise]) -> dict[int, list[str]]:
    """Return the exercises to grade before the end, by the position of the cell after which.

    Parameters
    ----------
    cells : sequence of CodeCell
        The notebook; one that is too large or too deeply nested to be a student's own work is
        graded at its end only.
    exercises : sequence of Exercise
        What is graded.
    """
    if sum(len(cell.source) for cell in cells) > LARGEST_SOURCE:
        return {}
    try:
        return _moments(cells, exercises)
    except RecursionError:
        return {}


def _moments(cells: Sequence[CodeCell], exercises: Sequence[Exercise]) -> dict[int, list[str]]:
    bound = [dict(_bindings(cell.source)) for cell in cells]
    moments: dict[int, list[str]] = {}
    for exercise in exercises:
        names = {target.split(".")[1] for target in exercise.targets}
        defining = [position for position, each in enumerate(bound) if names & each.keys()]
        if defining and _bound_again(bound, defining[-1], names):
            moments.setdefault(defining[-1], []).append(exercise.name)
    return moments


def _bound_again(bound: Sequence[Bindings], position: int, names: set[str]) -> bool:
    """Return whether a later cell binds something that `names` use."""
    before: Bindings = {}
    for each in bound[: position + 1]:
        before |= each
    used = _used(before, names) - names
    return any(
        ast.dump(node) != ast.dump(before[name])
        for each in bound[position + 1 :]
        for name, node in each.items()
        if name in used
    )


def _used(before: Bindings, names: set[str]) -> set[str]:
    """Return the names bound in the notebook that `names` lead to, over any number of steps."""
    used: set[str] = set()
    pending = list(names & before.keys())
    while pending:
        name = pending.pop()
        used.add(name)
        loaded = {each.id for each in ast.walk(before[name]) if isinstance(each, ast.Name)}
        pending += (loaded & before.keys()) - used - set(pending)
    return used


def _bindings(source: str) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the names that a cell binds at its top level, each with its statement."""
    try:
        tree = ast.parse(_plain(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    pending: list[ast.AST] = list(reversed(tree.body))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield (alias.asname or alias.name).partition(".")[0], node
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                    yield each.id, node
        elif isinstance(node, ast.stmt | ast.ExceptHandler):
            pending += reversed(list(ast.iter_child_nodes(node)))


def _plain(source: str) -> str:
    """Return a cell without its magics and shell lines."""
    return re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)
