"""Turn a check into an otter test: one function that needs only numpy and otter-grader.

otter accepts a single ``def`` per test, so everything stands inside it: the comparison of
`autograder.numerics.compare` and `autograder.numerics.samples`, the check, its cases and the
expected observations. A student's notebook thus judges by the same rule as the batch grader.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path

from autograder import declare
from autograder.course import CHECKS
from autograder.errors import CourseError
from autograder.model import Case, Check
from autograder.numerics import compare, samples
from autograder.numerics.expectations import ExpectedCheck
from autograder.packaging.given import bound_names
from autograder.packaging.lean import Lean, lean_statements
from autograder.packaging.literals import NAMES, to_source

# Stands for what all tests embed while otter assigns them: it parses every test several times.
RUNTIME = "    WHAT_EVERY_CHECK_EMBEDS"

# How a test ends; the line that calls `requirement` is what otter shows above the message. In a
# student's notebook the globals take notes: see `autograder.notebook.evidence`.
VERDICT = '''
def verdict():
    """Return the first structural fault over all cases, or else the worst value."""
    note = getattr(env, "note", lambda *_: None)
    findings = []
    for case, expected, scales in EXPECTATIONS:
        outcome = observe(CHECK, Subject(env.__getitem__), fresh(case))
        finding = judge(RULE, EXCEPTION, expected, scales, ETA, outcome)
        findings.append(finding)
        note(CHECK.__name__, (RULE, ETA), case, expected, scales, outcome, finding)
    structural = [each for each in findings if each.kind not in {"", "value"}]
    return structural[0] if structural else max(findings, key=lambda each: each.error)

def requirement(title, finding):
    """Raise what a student reads, unless the check passed."""
    if finding.kind:
        raise AssertionError(sentence(finding, public=PUBLIC)) from None
'''


def test_source(expected: ExpectedCheck) -> str:
    """Return the source of the otter test for a check, with `RUNTIME` for what all tests embed.

    Raises
    ------
    CourseError
        If the check uses a name that a student's machine would not have, or a case holds more
        than plain data.
    """
    check = expected.check
    own = [
        *lean_statements(_check_factory(check)),
        *lean_statements(_constants(expected)),
        *lean_statements(f"requirement({check.title!r}, verdict())"),
    ]
    return f"def {check.name}(env):\n{RUNTIME}\n{_body(own)}"


def complete(test: str) -> str:
    """Return a test, or a file of tests, with what they embed in its place."""
    return test.replace(RUNTIME, runtime_source())


@cache
def runtime_source() -> str:
    """Return the text that every test begins with, as it stands in the body of its function."""
    return _body(_runtime())


def _body(statements: Iterable[ast.stmt]) -> str:
    """Return statements as the body of a function."""
    text = ast.unparse(ast.Module(list(statements), []))
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


def _constants(expected: ExpectedCheck) -> str:
    check = expected.check
    try:
        expectations = to_source(
            [(each.case, each.outcome, each.scales) for each in expected.expectations]
        )
    except TypeError as error:
        raise CourseError.at(
            check.path, check.line, f"check {check.name!r}: {error}; cases hold plain data only"
        ) from None
    rule = check.judge
    return (
        f"RULE, EXCEPTION, ETA, PUBLIC = {rule.name!r}, {rule.exception!r}, {expected.eta!r}, "
        f"{check.public!r}\nEXPECTATIONS = {expectations}\n"
    )


def _runtime() -> tuple[ast.stmt, ...]:
    sources = [inspect.getsource(module) for module in (samples, compare)]
    statements = lean_statements("\n".join([NAMES, *sources, inspect.getsource(Case), VERDICT]))
    return tuple(each for each in statements if not _is_own_import(each))


def _check_factory(check: Check) -> str:
    """Return source that defines ``CHECK``, with its helpers in a scope of their own."""
    function = _function_of(check)
    needed = [*_needed(check, check.path, _loaded(function)), function]
    function.decorator_list = []
    texts = dict.fromkeys(ast.unparse(Lean().visit(node)) for node in needed)
    body = "\n".join(texts)
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    return f"def check_factory():\n{indented}\n    return {check.name}\nCHECK = check_factory()\n"


def _function_of(check: Check) -> ast.FunctionDef:
    """Return a copy of the definition of the check: names may repeat, lines do not."""
    line = check.function.__code__.co_firstlineno
    for node in _parsed(check.path).body:
        if isinstance(node, ast.FunctionDef) and node.name == check.name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first == line:
                return deepcopy(node)
    raise CourseError.at(check.path, check.line, f"check {check.name!r} must be a plain function")


def _parsed(path: Path) -> ast.Module:
    return _parsed_text(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def _parsed_text(text: str) -> ast.Module:
    return ast.parse(text)


def _needed(check: Check, path: Path, names: Iterable[str]) -> list[ast.stmt]:
    """Return the imports, constants and helpers of a file that `names` lead to, in file order.

    What the file imports from a sibling ``checks/_….py`` comes before that.
    """
    defined = {name: node for node in _parsed(path).body for name in bound_names(node)}
    needed: dict[int, ast.stmt] = {}
    siblings: dict[Path, set[str]] = {}
    pending = list(names)
    while pending:
        name = pending.pop()
        node = defined.get(name)
        if node is None or node.lineno in needed:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{CHECKS}._"):
            sibling = path.parent / f"{(node.module or '').partition('.')[2]}.py"
            siblings.setdefault(sibling, set()).add(name)
            continue
        _refuse_foreign(check, path, node)
        if not _is_own_import(node):
            needed[node.lineno] = deepcopy(node)
            pending += _loaded(node)
    shared = [each for file in sorted(siblings) for each in _needed(check, file, siblings[file])]
    return [*shared, *(needed[line] for line in sorted(needed))]


def _loaded(node: ast.AST) -> Iterator[str]:
    """Yield the names of the module that a definition uses, apart from its decorators."""
    decorators = getattr(node, "decorator_list", [])
    skipped = {id(each) for decorator in decorators for each in ast.walk(decorator)}
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    own = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    own |= {each.id for each in names if not isinstance(each.ctx, ast.Load)}
    yield from (each.id for each in names if id(each) not in skipped and each.id not in own)


def _is_own_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder")


def _refuse_foreign(check: Check, path: Path, node: ast.stmt) -> None:
    """Refuse what a lone notebook with numpy and otter-grader does not have."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        first = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        root = (first or "").partition(".")[0]
        names = {alias.name for alias in node.names}
        known = root == "numpy" or root in sys.stdlib_module_names
        declared = root == "autograder" and names <= set(declare.__all__)
        if not known and not declared:
            raise CourseError.at(
                path,
                node.lineno,
                f"check {check.name!r} uses {first!r}; a student's notebook has numpy only",
            )
