"""Which names a cell binds in the notebook, and which it uses, without running it."""

import ast
import re
import symtable
import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache

REMEMBERED = 2_000  # cells: most cells of a class are the same ones
_AUGMENTED = re.compile(r"[-+*/%@&|^<>]=")
_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def bound(source: str) -> frozenset[str]:
    """Return the names that a cell binds in the notebook; none if it is no Python."""
    return _bound_and_used(source)[0]


def used(source: str) -> frozenset[str]:
    """Return the names that a cell needs from others; every word of it if it is no Python.

    A name that the cell binds is its own from there on, in the order of its lines.
    """
    return _bound_and_used(source)[1]


@lru_cache(REMEMBERED)
def _bound_and_used(source: str) -> tuple[frozenset[str], frozenset[str]]:
    text = _plain(source)
    try:
        table = symtable.symtable(text, "cell", "exec")
        bound, used = _names(table, may_declare="global" in text)
        return frozenset(bound), frozenset((used - bound) | _read_early(table, bound, text))
    except _NOT_PYTHON:
        return frozenset(), frozenset(re.findall(r"\w+", source))


def _names(top: symtable.SymbolTable, *, may_declare: bool) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds and those it reads, in functions and classes too.

    Where nothing may be declared global, what is global in a function is read there.
    """
    bound, read = set[str](), set[str]()
    pending = [top]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        if isinstance(table, symtable.Function) and not may_declare:
            read.update(table.get_globals())
            continue
        for symbol in table.get_symbols():
            if table is not top and not symbol.is_global():
                continue
            if symbol.is_referenced():
                read.add(symbol.get_name())
            binds = symbol.is_imported() or symbol.is_assigned()
            if binds and (table is top or symbol.is_declared_global()):
                bound.add(symbol.get_name())
    return bound, read


def _read_early(top: symtable.SymbolTable, bound: set[str], text: str) -> set[str]:
    """Return the names among `bound` that a cell reads before it binds them.

    Most cells define functions and nothing else; these are not parsed.
    """
    symbols = [each for each in top.get_symbols() if each.get_name() in bound]
    suspects = {each.get_name() for each in symbols if each.is_referenced()}
    if _AUGMENTED.search(text):
        suspects |= {each.get_name() for each in symbols if not each.is_namespace()}
    return suspects & {*_read_first(ast.parse(text).body, set())} if suspects else set()


def _read_first(body: Sequence[ast.AST], own: set[str]) -> Iterator[str]:
    """Yield the names that statements read before they bind them; `own` grows by the latter."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.add(node.name)  # what is used in it is read when it is called
            continue
        fields = [value for _, value in ast.iter_fields(node)]
        bodies = [each for each in fields if isinstance(each, list) and each and _is_body(each)]
        heads = [each for each in ast.iter_child_nodes(node) if not any(each in b for b in bodies)]
        names = [each for head in heads for each in ast.walk(head) if isinstance(each, ast.Name)]
        reads = {each.id for each in names if isinstance(each.ctx, ast.Load)}
        yield from reads - own
        stores = {each.id for each in names if not isinstance(each.ctx, ast.Load)}
        stores |= {each for head in (node, *heads) for each in _named(head)}
        if isinstance(node, ast.AugAssign):
            yield from stores - own
        own |= stores
        for each in bodies:
            yield from _read_first(each, own)


def _named(node: ast.AST) -> Iterator[str]:
    """Yield the name that an import, an exception handler or a pattern gives."""
    if isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name


def _is_body(nodes: Sequence[ast.AST]) -> bool:
    return isinstance(nodes[0], ast.stmt | ast.ExceptHandler | ast.match_case)


@lru_cache(REMEMBERED)
def statements(source: str) -> tuple[tuple[str, str], ...]:
    """Return the names that a cell binds at its top level, each with the text that binds it."""
    text = _plain(source)
    try:
        tree = ast.parse(text)
    except _NOT_PYTHON:
        return ()
    lines = text.splitlines()
    return tuple((name, _text(node, lines)) for name, node in _bindings(tree))


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
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


def _text(node: ast.stmt, lines: list[str]) -> str:
    """Return the lines of a statement with its decorators."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return textwrap.dedent("\n".join(lines[first - 1 : node.end_lineno]))


def _plain(source: str) -> str:
    """Return a cell without its magics and shell lines."""
    return re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)
