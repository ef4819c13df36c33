"""Small random changes of valid inputs: of bytes, and of trees of lists and dicts.

All of them draw from a `random.Random` that the caller seeds, so an input can be made again.
"""

import copy
import math

NUMBERS = [0, 1, 2, 3, 14, 15, 16, 127, 128, 255, 256, 0xFFFF, 1 << 16, (1 << 31) - 1, 1 << 31]
NUMBERS += [(1 << 32) - 1, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, -1, -2, -(1 << 63)]
ATOMS = [*NUMBERS, None, True, False, 0.0, -0.0, 1.5, math.nan, math.inf, "", "x", "x" * 300]


def mutated(data, rng):
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        rng.choice(_CHANGES)(changed, rng)
    return bytes(changed)


def _overwrite(data, rng):
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def _flip(data, rng):
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _number(data, rng):
    """Put a number near a limit where a length may be."""
    size = rng.choice((1, 2, 4, 8))
    start = rng.randrange(len(data) + 1)
    number = rng.choice(NUMBERS) % (1 << 8 * size)
    data[start : start + size] = number.to_bytes(size, rng.choice(("little", "big")))


def _part(data, rng):
    start = rng.randrange(len(data) + 1)
    return slice(start, start + rng.randint(1, 16))


def _delete(data, rng):
    del data[_part(data, rng)]


def _insert(data, rng):
    start = rng.randrange(len(data) + 1)
    data[start:start] = rng.randbytes(rng.randint(1, 8))


def _repeat(data, rng):
    start = rng.randrange(len(data) + 1)
    data[start:start] = data[_part(data, rng)] * rng.randint(1, 4)


def _truncate(data, rng):
    del data[rng.randrange(len(data) + 1) :]


_CHANGES = [_overwrite, _overwrite, _flip, _flip, _number, _number]
_CHANGES += [_delete, _insert, _repeat, _truncate]


def mutated_tree(tree, rng, atoms=ATOMS):
    """Change some items of a copy of a list or dict, at any depth."""
    root = [copy.deepcopy(tree)]
    for _ in range(rng.randint(1, 3)):
        container = rng.choice([*_containers(root)])
        places = [*container] if isinstance(container, dict) else range(len(container))
        if places:
            rng.choice(_EXCHANGES)(container, rng.choice(places), rng, atoms)
    return root[0] if root else rng.choice(atoms)


def _containers(node):
    """Yield the lists and dicts in a node."""
    if isinstance(node, list | dict):
        yield node
        for item in node.values() if isinstance(node, dict) else node:
            yield from _containers(item)


def _replace(container, place, rng, atoms):
    container[place] = copy.deepcopy(rng.choice(atoms))


def _move(container, place, rng, _atoms):
    """Repeat what stands elsewhere."""
    container[place] = copy.deepcopy(rng.choice([*_containers(container)]))


def _wrap(container, place, rng, _atoms):
    for _ in range(rng.choice((1, 2, 70, 140))):
        container[place] = [0, container[place]]


def _remove(container, place, _rng, _atoms):
    del container[place]


def _rename(container, place, rng, atoms):
    """Put a value under another key, or a list's item in twice."""
    if isinstance(container, list):
        container.insert(place, copy.deepcopy(container[place]))
        return
    key = rng.choice(atoms)
    if key.__hash__ is not None:
        container[key] = container.pop(place)


_EXCHANGES = [_replace, _replace, _replace, _move, _wrap, _remove, _rename]
