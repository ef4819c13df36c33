"""Modules that travel in every student's notebook, as a package of their own."""

import ast
from functools import cache
from pathlib import Path

from autograder.packaging.lean import lean_statements

EMBEDDED = "gradus_notebook"  # never the name of this package, which may be installed beside it
PACKAGE = Path(__file__).parent.parent
NUMERICS = ("compare", "drawing", "pictures", "samples", "signatures")


@cache
def embedded_modules() -> dict[str, str]:
    """Return the files of the package, by path: lean, and importing from each other."""
    paths = [PACKAGE / "numerics" / f"{name}.py" for name in NUMERICS]
    paths += sorted(PACKAGE.glob("notebook/[!_]*.py"))
    return {f"{EMBEDDED}/{path.name}": _embedded(path) for path in paths}


def _embedded(path: Path) -> str:
    tree = ast.Module(lean_statements(path.read_text(encoding="utf-8")), [])
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
            node.module = f"{EMBEDDED}.{(node.module or '').rpartition('.')[2]}"
    return ast.unparse(tree)
