"""Generate mutants by rule: the small slips that nobody thought of writing down.

The written mutants of an exercise are known wrong ideas. These are the rest: an axis, a sign, a
strict comparison, a dropped term. A check that lets one of them live has a gap, unless the mutant
is equivalent to the reference; which ones are, a person decides (`autograder.authoring.survivors`).

Only what students write changes, and the defaults of a target's parameters: never code that they
are given, docstrings, annotations, f-strings or what is raised. A name is made of text alone, so
that it stays when lines move.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from autograder.authoring.operators import EXPRESSIONS, STATEMENTS, stored
from autograder.authoring.stubs import Function, cut, find_functions

UNTOUCHED = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)
UNREAD = {"annotation", "returns", "decorator_list", "type_params"}
OPTIONS = {"axis", "keepdims", "ddof"}  # keywords whose values have operators of their own
IN_PLACE = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}
SCALARS = {"float", "int", "bool"}  # a parameter so annotated cannot change for the caller
SCOPES = (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.stmt)
TOKEN = re.compile(r"\d[\w.]*(?:(?<=e)-\d+)?|\w+|\*\*|//|[<>=!+*/-]=|'[^']*'|\S")

Place = ast.expr | ast.stmt


@dataclass(frozen=True)
class GeneratedMutant:
    """A reference module with one small slip in it.

    Attributes
    ----------
    name : str
        Target, operator, what became of what, and the line; unique within its target.
    source : str
        Text of the whole changed module.
    operator : str
        Name of the kind of slip.
    line : str
        The line that changed, as it was.
    """

    name: str
    source: str
    operator: str
    line: str


def generate(source: str, target: str) -> list[GeneratedMutant]:
    r"""Return every mutant of a target, in the order of its code.

    Parameters
    ----------
    source : str
        Text of a reference module.
    target : str
        Qualified name in it: ``losses.mse``.

    Examples
    --------
    >>> for mutant in generate("def half(x):\n    return x / 2", "maths.half")[:3]:
    ...     print(mutant.name)
    maths.half: sign x / 2 -> -(x / 2) at `return x / 2`
    maths.half: in place x /= 2 at `return x / 2`
    maths.half: operation / -> * at `return x / 2`
    """
    module, _, bare = target.partition(".")
    text = _Text(source, set(cut(Path(f"{module}.py"), source, (bare,)).solution))
    times: Counter[str] = Counter()
    mutants = []
    for function in find_functions(source, bare):
        for change in _distinct(_changes(text, function)):
            line = text.line(change.place)
            name = f"{target}: {change.operator} {change.label} at `{line}`"
            times[name] += 1
            name += f" #{times[name]}" if times[name] > 1 else ""
            mutants.append(GeneratedMutant(name, text.after(change), change.operator, line))
    return mutants


@dataclass(frozen=True)
class _Change:
    """New text for the place of a node."""

    operator: str
    place: Place
    text: str
    label: str


class _Text:
    """A source in which nodes are found and replaced; `ast` counts columns in bytes."""

    def __init__(self, source: str, solution: set[str]) -> None:
        self._source, self._solution = source, solution
        self._bytes = source.encode()
        self._lines = self._bytes.splitlines(keepends=True)

    def line(self, place: Place) -> str:
        """Return the line on which a node begins, without a comment after its code."""
        return self._lines[place.lineno - 1].decode().partition("  #")[0].strip()

    def alone(self, statement: ast.stmt) -> bool:
        return not self._lines[statement.lineno - 1][: statement.col_offset].strip()

    def written(self, statement: ast.stmt) -> bool:
        """Return whether students write the statement, rather than being given it."""
        return ast.get_source_segment(self._source, statement) in self._solution

    def after(self, change: _Change) -> str:
        start, end = self._span(change.place)
        return (self._bytes[:start] + change.text.encode() + self._bytes[end:]).decode()

    def of(self, statement: ast.stmt, part: ast.expr, replacement: str) -> str:
        """Return the text of a statement in which one part is replaced."""
        (first, last), (start, end) = self._span(statement), self._span(part)
        text = self._bytes[first:start] + replacement.encode() + self._bytes[end:last]
        return text.decode()

    def _span(self, place: Place) -> tuple[int, int]:
        last = place.end_lineno or place.lineno
        start = sum(map(len, self._lines[: place.lineno - 1])) + place.col_offset
        return start, sum(map(len, self._lines[: last - 1])) + (place.end_col_offset or 0)


def _distinct(changes: Iterator[_Change]) -> Iterator[_Change]:
    seen = set()
    for change in changes:
        key = change.place, change.text
        if key not in seen and change.label:
            seen.add(key)
            yield change


def _changes(text: _Text, function: Function) -> Iterator[_Change]:
    for place in _code(text, function):
        if isinstance(place, ast.stmt):
            bound = _bound_before(function, place)
            for name, on_statement in STATEMENTS.items():
                yield from (_change(name, place, new) for new in on_statement(place, bound))
            yield from _in_place(text, place, _arrays(function))
        else:
            for name, on_expression in EXPRESSIONS.items():
                yield from (_change(name, place, new) for new in on_expression(place))


def _code(text: _Text, node: ast.AST, *, written: bool = True) -> Iterator[Place]:
    """Yield the statements and expressions below a node that students write, outer ones first."""
    for field, value in ast.iter_fields(node):
        for each in value if isinstance(value, list) else [value]:
            if field in UNREAD or not isinstance(each, ast.AST) or isinstance(each, UNTOUCHED):
                continue
            if isinstance(each, ast.keyword) and each.arg in OPTIONS:
                continue
            here = text.written(each) if isinstance(each, ast.stmt) else written
            if isinstance(each, ast.expr | ast.stmt) and here:
                yield each
            yield from _code(text, each, written=here)


def _change(operator: str, place: Place, new: ast.AST) -> _Change:
    before, text = ast.unparse(place), ast.unparse(ast.fix_missing_locations(new))
    if isinstance(new, ast.Pass):
        return _Change(operator, place, text, "statement")
    label = _difference(before, text) if before != text else ""
    if label.startswith("with ") and isinstance(place, ast.expr):
        label = f"{before} -> {text}"  # a minus says nothing without what it stands before
    if isinstance(new, ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare | ast.IfExp | ast.Lambda):
        text = f"({text})"
    return _Change(operator, place, text, label)


def _difference(before: str, after: str) -> str:
    """Say what became of what, without the words that both texts begin or end with."""
    old, new = list(TOKEN.finditer(before)), list(TOKEN.finditer(after))
    for end in (0, -1):
        while old and new and old[end].group() == new[end].group():
            del old[end], new[end]
    was = before[old[0].start() : old[-1].end()] if old else ""
    now = after[new[0].start() : new[-1].end()] if new else ""
    if not _balanced(was) or not _balanced(now):
        return f"{before} -> {after}"
    return f"{was} -> {now}" if was and now else f"without {was}" if was else f"with {now}"


def _balanced(text: str) -> bool:
    depths = list(accumulate((char in "([{") - (char in ")]}") for char in text))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def _in_place(text: _Text, statement: ast.stmt, arrays: set[str]) -> Iterator[_Change]:
    """Yield a statement before which a parameter is changed instead: ``x -= y`` for ``x - y``."""
    for node in _parts(statement):
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name):
            name, sign = node.left.id, IN_PLACE.get(type(node.op))
            if name in arrays and sign and text.alone(statement):
                label = f"{name} {sign} {ast.unparse(node.right)}"
                indent = "\n" + " " * statement.col_offset
                changed = label + indent + text.of(statement, node, name)
                yield _Change("in place", statement, changed, label)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions of a statement that are evaluated once, where it stands."""
    for each in ast.iter_child_nodes(node):
        if not isinstance(each, (*SCOPES, *UNTOUCHED)):
            yield each
            yield from _parts(each)


def _arrays(function: Function) -> set[str]:
    return {
        each.arg
        for each in _parameters(function)
        if not (isinstance(each.annotation, ast.Name) and each.annotation.id in SCALARS)
    }


def _bound_before(function: Function, statement: ast.stmt) -> set[str]:
    """Return the parameters, and the variables of the statements that end above this one."""
    above = (
        each
        for each in ast.walk(function)
        if isinstance(each, ast.stmt) and (each.end_lineno or each.lineno) < statement.lineno
    )
    return stored(*above) | {each.arg for each in _parameters(function)}


def _parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
