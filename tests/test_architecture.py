"""The layers of the package import downwards only."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "autograder"

# Each part of the package and the parts that it may import.
BASE = {"errors", "model", "terms", "roster"}
COURSE = BASE | {
    "config",
    "course",
    "declare",
    "cases",
    "subjects",
    "fingerprint",
    "numerics",
    "policy",
}
BESIDE = {"texts", "children", "cores"}
ALLOWED = {
    "__init__": set(),
    "errors": set(),
    "model": BASE,
    "terms": BASE,
    "roster": BASE,
    "texts": set(),
    "cores": set(),
    "children": BASE | {"sandbox"},
    "sections": BASE,
    "config": BASE | {"sections"},
    "policy": BASE | {"config", "sections"},
    "declare": BASE,
    "cases": BASE,
    "subjects": BASE,
    "fingerprint": BASE,
    "numerics": BASE | {"numerics"},
    "course": BASE | {"config", "declare", "policy", "subjects", "course"},
    "authoring": COURSE | {"authoring"},
    "parallel": COURSE | {"children"},
    "notebook": BASE | {"numerics", "notebook"},
    "packaging": COURSE | {"authoring", "notebook", "packaging"},
    "sandbox": {"sandbox"},
    "grading": COURSE | BESIDE | {"authoring", "packaging", "sandbox", "grading"},
    "reporting": COURSE | BESIDE | {"authoring", "packaging", "grading", "reporting"},
    "container": COURSE | {"texts", "packaging", "sandbox", "grading", "reporting"},
}
WORKER = {"codec", "wire", "confine", "zygote", "worker", "oneshot"}
WORKER_LIBRARIES = {"numpy", "msgpack", "IPython", "traitlets"}  # traitlets configures IPython


def parts(path):
    return path.relative_to(PACKAGE).with_suffix("").parts


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: "/".join(parts(path))
)
def test_a_module_imports_only_from_below(path):
    part = parts(path)[0]
    if part == "cli":
        return
    ours = {name.split(".")[1] for name in imported(path) if name.startswith("autograder.")}
    assert ours <= ALLOWED[part]


def test_the_workers_side_imports_little_more_than_the_standard_library():
    import sys

    pending, seen = set(WORKER), set()
    while pending:
        name = pending.pop()
        seen.add(name)
        for module in imported(PACKAGE / "sandbox" / f"{name}.py"):
            root, *rest = module.split(".")
            if root == "autograder":
                found = rest[1] if rest[0] == "sandbox" else rest[0]
                pending |= {found} - seen
            else:
                assert root in WORKER_LIBRARIES or root in sys.stdlib_module_names, (name, module)


def test_only_the_command_line_prints_or_exits():
    for path in PACKAGE.rglob("*.py"):
        if parts(path)[0] in {"cli", "sandbox"}:
            continue
        calls = [
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        ]
        assert not {"print", "sys.exit", "exit", "quit"} & set(calls), path
