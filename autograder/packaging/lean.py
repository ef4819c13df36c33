"""Source that travels in notebooks and tests: without what only a reader of the package needs."""

import ast


def lean_statements(source: str) -> list[ast.stmt]:
    """Parse source; drop docstrings, comments and the type annotations of functions."""
    tree = Lean().visit(ast.parse(source))
    return [node for node in tree.body if not _is_docstring(node)]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class Lean(ast.NodeTransformer):
    """Remove what only a reader of the package needs."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Drop annotations."""
        self.generic_visit(node)
        node.returns = None
        for argument in [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]:
            argument.annotation = None
        for star in (node.args.vararg, node.args.kwarg):
            if star is not None:
                star.annotation = None
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Drop the parameters of generic bases."""
        self.generic_visit(node)
        node.bases = [base for base in node.bases if not isinstance(base, ast.Subscript)] + [
            base.value for base in node.bases if isinstance(base, ast.Subscript)
        ]
        return self._without_docstring(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Write an f-string as a join.

        Unparsed by Python 3.12, a quote inside an f-string is no valid code for Python 3.11.
        """
        parts = [self._part(each) for each in node.values]
        join = ast.Attribute(ast.Constant(""), "join", ast.Load())
        return ast.Call(join, [ast.Tuple(parts, ast.Load())], [])

    def _part(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.FormattedValue):
            return node
        value = self.visit(node.value)
        if node.conversion != -1:
            name = {"r": "repr", "s": "str", "a": "ascii"}[chr(node.conversion)]
            value = ast.Call(ast.Name(name, ast.Load()), [value], [])
        spec = [] if node.format_spec is None else [self.visit(node.format_spec)]
        return ast.Call(ast.Name("format", ast.Load()), [value, *spec], [])

    def _without_docstring(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        body = [each for each in node.body if not _is_docstring(each)]
        node.body = body or [ast.Pass()]
        return node
