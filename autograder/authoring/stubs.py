"""Cut the solution out of a reference function, and fail closed.

``# SOLUTION`` alone on a line means "from here to the end of this block"; without a marker the
whole body after the docstring goes. Comments are found with `tokenize` and blocks with `ast`, so
indentation ends the cut and no text that merely looks like a marker can leave a solution behind.
"""

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from autograder.errors import CourseError, Problem

MARKER = "# SOLUTION"
BEGIN, END = "# BEGIN SOLUTION NO PROMPT", "# END SOLUTION"  # what otter cuts out

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Stub:
    """A module with holes.

    Attributes
    ----------
    source : str
        Text of the module; each hole raises NotImplementedError.
    solution : tuple of str
        Every statement that was cut out, as text.
    """

    source: str
    solution: tuple[str, ...]


def cut(path: Path, source: str, targets: tuple[str, ...]) -> Stub:
    """Replace the solutions of `targets` by holes.

    Parameters
    ----------
    path : pathlib.Path
        Where `source` comes from, for messages.
    source : str
        Text of a reference module.
    targets : tuple of str
        Names of functions, methods (``Class.method``) or classes in it.

    Raises
    ------
    CourseError
        For a comment that resembles the marker, a marker that is not at the start of a statement,
        a body on the line of its ``def``, or nothing to cut.
    """
    tree = ast.parse(source)
    cuts = _cuts(path, source, tree, targets)
    return Stub(_replaced(source, cuts, _hole), tuple(_statements(source, tree, cuts)))


def marked_up(path: Path, source: str, targets: tuple[str, ...]) -> str:
    """Return the module with otter's markers around each solution, and our hole as its prompt."""
    return _replaced(source, _cuts(path, source, ast.parse(source), targets), _otter_markup)


@dataclass(frozen=True)
class _Cut:
    """Lines `first` to `last` of a function are its solution; `indent` is their block's."""

    function: str
    first: int
    last: int
    indent: int


def _cuts(path: Path, source: str, tree: ast.Module, targets: tuple[str, ...]) -> list[_Cut]:
    markers = _markers(path, source)
    cuts: list[_Cut] = []
    for target in targets:
        for name, function in _functions(tree, target):
            cuts += _cuts_of(path, source, name, function, markers)
    return cuts


def stray_markers(path: Path, source: str, targets: tuple[str, ...]) -> list[Problem]:
    """Return a problem for every marker outside `targets`: it would cut nothing.

    Parameters
    ----------
    targets : tuple of str
        The targets of all assignments in this module.
    """
    cuts = _cuts(path, source, ast.parse(source), targets)
    used = {line for each in cuts for line in range(each.first, each.last + 1)}
    message = f"{MARKER} stands in no target of any assignment; nothing is cut there"
    return [Problem(path, line, message) for line in _markers(path, source) if line not in used]


def _hole(cut: _Cut, solution: list[str]) -> list[str]:
    del solution
    return [" " * cut.indent + f'raise NotImplementedError("your code here: {cut.function}")']


def _otter_markup(cut: _Cut, solution: list[str]) -> list[str]:
    pad = " " * cut.indent
    kept = [line for line in solution if line.strip() != MARKER]
    return [
        f"{pad}{BEGIN}",
        *kept,
        f"{pad}{END}",
        f'{pad}""" # BEGIN PROMPT',
        *_hole(cut, solution),
        f'{pad}""" # END PROMPT',
    ]


def find_functions(source: str, target: str) -> list[Function]:
    """Return the function of that name, or all methods of the class of that name."""
    return [function for _, function in _functions(ast.parse(source), target)]


def definition_text(source: str, target: str) -> str:
    """Return the text of the function or class that holds `target`, whole lines."""
    name = target.partition(".")[0]
    node = next(
        each
        for each in ast.parse(source).body
        if isinstance(each, Function | ast.ClassDef) and each.name == name
    )
    return "\n".join(source.splitlines()[_first_line(node) - 1 : node.end_lineno])


def body_span(function: Function) -> tuple[int, int]:
    """Return the first and last line of a function's code after its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    first = body[0].lineno if body else function.body[0].lineno
    return first, function.end_lineno or first


def _functions(tree: ast.Module, target: str) -> Iterator[tuple[str, Function]]:
    outer, _, method = target.partition(".")
    for node in tree.body:
        if isinstance(node, Function) and node.name == target:
            yield node.name, node
        elif isinstance(node, ast.ClassDef) and node.name == outer:
            for each in node.body:
                if isinstance(each, Function) and method in {"", each.name}:
                    yield f"{outer}.{each.name}", each


def _markers(path: Path, source: str) -> list[int]:
    """Return the lines of the markers; whatever only resembles one is an error."""
    lines = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        alone = token.line.strip() == token.string
        if token.string == MARKER and alone:
            lines.append(token.start[0])
        elif _resembles(token.string):
            place = "" if alone else " after code"
            message = (
                f"comment {token.string!r}{place} resembles the marker; write {MARKER!r} alone "
                "on a line, or use other words"
            )
            raise CourseError.at(path, token.start[0], message)
    return lines


def _resembles(comment: str) -> bool:
    words = re.findall(r"[A-Za-z]+", comment)
    return any(_alike(word, "SOLUTION") and (word.isupper() or len(words) <= 3) for word in words)


def _alike(word: str, model: str) -> bool:
    return SequenceMatcher(None, word.upper(), model).ratio() >= 0.75


def _cuts_of(
    path: Path, source: str, name: str, function: Function, markers: list[int]
) -> list[_Cut]:
    """Return every cut in a function, in the order of lines."""
    end = _block_end(source, function.end_lineno or function.lineno, function.col_offset + 1)
    inside = [line for line in markers if function.lineno <= line <= end]
    cuts = [_marked(path, source, name, function, line) for line in inside] or [
        _whole_body(path, source, name, function)
    ]
    for one, other in itertools.pairwise(cuts):
        if other.first <= one.last:
            raise CourseError.at(path, other.first, f"{MARKER} stands inside another; remove one")
    return cuts


def _marked(path: Path, source: str, name: str, function: Function, line: int) -> _Cut:
    column = len(_line(source, line)) - len(_line(source, line).lstrip())
    for block in _blocks(function):
        after = [node for node in block if _first_line(node) > line]
        before = [node for node in block if _first_line(node) <= line]
        if not after or block[0].col_offset != column:
            continue
        ends_before = not before or (before[-1].end_lineno or 0) < line
        starts_here = bool(before) or line > _opening(function, block)
        if ends_before and starts_here:
            last = _block_end(source, after[-1].end_lineno or line, column)
            return _Cut(name, line, last, column)
    message = (
        f"{MARKER} must stand before a statement of its block, at the same indentation; there is "
        "nothing to cut here"
    )
    raise CourseError.at(path, line, message)


def _opening(function: Function, block: list[ast.stmt]) -> int:
    """Return the line on which the compound statement that holds `block` begins."""
    for node in ast.walk(function):
        for _, value in ast.iter_fields(node):
            if value is block:
                line: int = getattr(node, "lineno", function.lineno)
                return line
    return function.lineno


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _blocks(function: Function) -> Iterator[list[ast.stmt]]:
    """Yield every list of statements in a function, innermost last."""
    for node in ast.walk(function):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield value


def _whole_body(path: Path, source: str, name: str, function: Function) -> _Cut:
    documented = ast.get_docstring(function) is not None
    body = function.body[1:] if documented else function.body
    if not body:
        raise CourseError.at(path, function.lineno, f"{name} has no code to cut")
    if body[0].lineno == function.lineno:
        raise CourseError.at(path, function.lineno, f"write the body of {name} on lines of its own")
    first = (function.body[0].end_lineno or 0) + 1 if documented else _header_end(source, function)
    column = body[0].col_offset
    return _Cut(name, first, _block_end(source, body[-1].end_lineno or first, column), column)


def _header_end(source: str, function: Function) -> int:
    """Return the line after the colon that ends ``def ...:``."""
    readline = io.StringIO(source).readline
    for token in tokenize.generate_tokens(readline):
        if token.type == tokenize.NEWLINE and token.start[0] >= function.lineno:
            return token.end[0] + 1
    return function.lineno + 1


def _block_end(source: str, last: int, column: int) -> int:
    """Return the last line of a block whose last statement ends on `last`.

    Comments that follow at the block's indentation or deeper belong to it.
    """
    lines = source.splitlines()
    end = last
    for number in range(last, len(lines)):
        text = lines[number]
        indent = len(text) - len(text.lstrip())
        if text.strip() and not (text.lstrip().startswith("#") and indent >= column):
            break
        if text.strip():
            end = number + 1
    return end


def _line(source: str, number: int) -> str:
    return source.splitlines()[number - 1]


def _replaced(
    source: str, cuts: list[_Cut], replacement: Callable[[_Cut, list[str]], list[str]]
) -> str:
    lines = source.splitlines()
    for cut in sorted(cuts, key=lambda cut: -cut.first):
        lines[cut.first - 1 : cut.last] = replacement(cut, lines[cut.first - 1 : cut.last])
    return "\n".join(lines) + "\n"


def _statements(source: str, tree: ast.Module, cuts: list[_Cut]) -> Iterator[str]:
    """Yield every statement, nested ones too, that lies inside a cut."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            first, last = node.lineno, node.end_lineno or node.lineno
            if any(cut.first <= first and last <= cut.last for cut in cuts):
                yield ast.get_source_segment(source, node) or ast.unparse(node)
