"""The code that students receive as it is: what their stubs need to run.

Starting from the stubs, names are followed through ``reference/``: imports, aliases and helper
functions that the visible part of a stub uses are given; what only a solution uses is not.
"""

import ast
from collections.abc import Iterable, Mapping

from autograder.authoring.stubs import MARKER
from autograder.errors import Problem
from autograder.model import Assignment
from autograder.subjects import PACKAGE


class Given:
    """Collects given code for an assignment.

    Parameters
    ----------
    sources : mapping of str to str
        The world with the assignment's solutions cut out.
    assignment : Assignment
        Its targets are written by the student and never given.
    """

    def __init__(self, sources: Mapping[str, str], assignment: Assignment) -> None:
        self._trees = {name: ast.parse(text) for name, text in sources.items()}
        self._sources = sources
        self._targets = {
            target.partition(".")[0::2]
            for exercise in assignment.exercises
            for target in exercise.targets
        }
        self._plain_imports: set[str] = set()
        self._named_imports: dict[str, set[str]] = {}
        self._definitions: dict[tuple[str, str], str] = {}
        self._head: set[tuple[str, str]] = set()  # constants that need no given function

    def follow_stubs(self) -> None:
        """Give what the visible part of every target uses."""
        for module, target in sorted(self._targets):
            node = self._find(module, target.partition(".")[0])
            if node is not None:
                self._follow(module, node)

    def give(self, names: Iterable[str], problem: Problem) -> list[Problem]:
        """Give further definitions by qualified name; return a problem for each unknown one."""
        problems = []
        for name in names:
            module, _, symbol = name.partition(".")
            if module not in self._trees or self._find(module, symbol) is None:
                message = f"{problem.message}: reference/ has no {name!r}"
                problems.append(Problem(problem.path, problem.line, message))
            else:
                self._add(module, symbol)
        return problems

    def source(self) -> str:
        """Return the code as a module would read: imports, constants, then functions."""
        plain = [f"import {name}" for name in sorted(self._plain_imports)]
        named = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self._named_imports.items())
        ]
        constants = [text for name, text in self._definitions.items() if name in self._head]
        rest = [text for name, text in self._definitions.items() if name not in self._head]
        head = ["\n".join([*plain, *named]), "\n".join(constants)]
        return "\n\n\n".join(["\n\n".join(filter(None, head)), *rest])

    def _find(self, module: str, symbol: str) -> ast.stmt | None:
        for node in self._trees[module].body:
            if symbol in bound_names(node):
                return node
        return None

    def _add(self, module: str, symbol: str) -> None:
        """Give one name of a module, and first whatever it uses itself."""
        node = self._find(module, symbol)
        if node is None or (module, symbol) in self._targets:
            return
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            self._add((node.module or "").partition(".")[2], symbol)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            alias = next(each for each in node.names if symbol in _bound_by(each))
            text = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
            if isinstance(node, ast.Import):
                self._plain_imports.add(text)
            else:
                self._named_imports.setdefault(node.module or "", set()).add(text)
        elif (module, symbol) not in self._definitions:
            self._follow(module, node)
            if isinstance(node, ast.Assign | ast.AnnAssign) and not self._needs_function(node):
                self._head.add((module, symbol))
            self._definitions[module, symbol] = _text(self._sources[module], node)

    def _needs_function(self, node: ast.stmt) -> bool:
        later = {symbol for module, symbol in self._definitions.keys() - self._head}
        return any(isinstance(each, ast.Name) and each.id in later for each in ast.walk(node))

    def _follow(self, module: str, node: ast.stmt) -> None:
        own = set(bound_names(node))
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each.id not in own:
                self._add(module, each.id)


def _text(source: str, node: ast.stmt) -> str:
    """Return a definition without solution markers, and of a docstring its first paragraph.

    The whole docstring of a function stands where students write it.
    """
    lines = source.splitlines()
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    dropped: set[int] = set()
    body = getattr(node, "body", [])
    text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else None
    if text and "\n\n" in text:
        docstring = body[0]
        summary = " ".join(text.partition("\n\n")[0].split())
        lines[docstring.lineno - 1] = f'{" " * docstring.col_offset}"""{summary}"""'
        dropped = set(range(docstring.lineno + 1, docstring.end_lineno + 1))
    return "\n".join(
        lines[number - 1]
        for number in range(first, (node.end_lineno or first) + 1)
        if number not in dropped and lines[number - 1].strip() != MARKER
    )


def _bound_by(alias: ast.alias) -> tuple[str, ...]:
    return ((alias.asname or alias.name).partition(".")[0],)


def bound_names(node: ast.stmt) -> list[str]:
    """Return the names that a module-level statement defines."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [name for alias in node.names for name in _bound_by(alias)]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        targets = (each for target in node.targets for each in ast.walk(target))
        return [each.id for each in targets if isinstance(each, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []
