"""Imports of packages that are not installed here, taken out so that the rest of a cell runs.

On the student's machine ``import seaborn`` worked. Here it would end its cell, often the one that
also imports numpy, and every right answer after it would fail.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.machinery import PathFinder

from autograder.model import CodeCell

LARGEST_SOURCE = 1_000_000  # characters of code in a notebook that is a student's own work
MAGIC = re.compile(r"^[%!].*$", re.MULTILINE)


def without_missing(cells: Sequence[CodeCell]) -> tuple[list[CodeCell], list[str]]:
    """Return the cells without imports of what is missing, and a remark for each cell changed."""
    if sum(len(cell.source) for cell in cells) > LARGEST_SOURCE:
        return list(cells), []
    kept, remarks = [], []
    for cell in cells:
        source, missing = _without_missing(cell.source)
        kept.append(replace(cell, source=source) if missing else cell)
        if missing:
            names = ", ".join(sorted(set(missing)))
            remarks.append(f"cell {cell.index} runs without {names}: not available when grading")
    return kept, remarks


def _without_missing(source: str) -> tuple[str, list[str]]:
    if "import" not in source or all(map(is_available, _mentioned(source))):
        return source, []
    try:
        tree = ast.parse(MAGIC.sub("pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source, []
    lines, missing = source.split("\n"), []
    for node in reversed(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom) and (gone := list(_missing(node))):
            missing += gone
            _replace(lines, node, _rest(node))
    return "\n".join(lines), missing


def _mentioned(source: str) -> Iterator[str]:
    """Yield what a cell may import, found without parsing it."""
    for line in source.split("\n"):
        keyword, _, rest = line.partition(" ")
        if keyword == "from" or (keyword == "import" and "," not in rest):
            yield from rest.split()[:1]
        elif keyword == "import":
            yield from (name.split()[0] for name in rest.split(",") if name.strip())


def _missing(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        names = [node.module] if node.module and not node.level else []
    else:
        names = [alias.name for alias in node.names]
    yield from (name for name in names if not is_available(name))


def _rest(node: ast.Import | ast.ImportFrom) -> str:
    """Return the statement without what is missing."""
    if isinstance(node, ast.Import):
        names = [alias for alias in node.names if is_available(alias.name)]
        if names:
            return ast.unparse(ast.Import(names))
    return "pass"


def _replace(lines: list[str], node: ast.stmt, text: str) -> None:
    """Put a text in place of a statement; the lines after it keep their numbers."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before = lines[first].encode()[: node.col_offset].decode()
    after = lines[last].encode()[node.end_col_offset :].decode()
    lines[first : last + 1] = [before + text + after] + [""] * (last - first)


@lru_cache(maxsize=1000)
def is_available(module: str) -> bool:
    """Return whether a module could be imported, without importing anything.

    Where a package makes its parts when it is imported, the benefit of the doubt is given.
    """
    path: Sequence[str] | None = None
    name = ""
    for part in filter(None, module.split(".")):
        if not part.isidentifier():
            return False
        name = f"{name}.{part}" if name else part
        if path is None and name in sys.stdlib_module_names:
            return True
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return False
        if spec.submodule_search_locations is None:
            return True
        path = list(spec.submodule_search_locations)
    return True
