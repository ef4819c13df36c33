"""The slips of numerical code, as operators on syntax trees.

An operator takes a node and yields what may stand in its place by mistake. Those on expressions see
the expression alone; those on statements also the names that have a value before the statement.
"""

import ast
import copy
from collections.abc import Callable, Iterator, Set
from itertools import pairwise
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)

REDUCTIONS = {"sum", "mean", "max", "min", "prod", "var", "std", "argmax", "argmin", "any", "all"}
NEUTRAL = {"float", "int", "list", "tuple", "dict"}  # dropping them changes the type alone
COMMUTATIVE = {"maximum", "minimum", "max", "min", "logaddexp", "hypot", "array_equal"}
BUILTIN = {"max", "min", "any", "all"}  # names of FUNCTIONS that need no numpy
FUNCTIONS = {
    "mean": ("sum",),
    "sum": ("mean",),
    "max": ("min",),
    "min": ("max",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "log": ("log2", "log1p"),
    "log2": ("log", "log1p"),
    "log1p": ("log",),
    "exp": ("expm1", "exp2"),
    "expm1": ("exp",),
    "var": ("std",),
    "std": ("var",),
    "any": ("all",),
    "all": ("any",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "sin": ("cos",),
    "cos": ("sin",),
}
OPERATIONS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def changed(node: Node, **fields: Any) -> Node:
    """Return a copy of a node with other values in some of its fields."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def axis(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a reduction along every other axis, and over all of them."""
    if isinstance(node, ast.Call) and _option(node, "axis"):
        for value in (0, 1, None, -1):
            yield _with_option(node, "axis", value)


def keepdims(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a reduction that keeps its axes if it did not, and the reverse."""
    if isinstance(node, ast.Call) and _option(node, "keepdims"):
        yield _without_option(node, "keepdims")
    elif isinstance(node, ast.Call) and _option(node, "axis") and _name(node) in REDUCTIONS:
        yield _with_option(node, "keepdims", value=True)


def ddof(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a variance that divides by n - 1 if it did by n, and the reverse."""
    if isinstance(node, ast.Call) and _name(node) in {"var", "std"}:
        if _option(node, "ddof"):
            yield _without_option(node, "ddof")
        else:
            yield _with_option(node, "ddof", 1)


def function(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a call of the neighbouring function: a sum for a mean."""
    if isinstance(node, ast.Call):
        for other in FUNCTIONS.get(_name(node), ()):
            if isinstance(node.func, ast.Attribute):
                yield changed(node, func=changed(node.func, attr=other))
            elif _name(node) in BUILTIN:
                yield changed(node, func=ast.Name(other))


def dropped_call(node: ast.AST) -> Iterator[ast.AST]:
    """Yield each argument of a call in its place, and an array in place of its copy."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
            yield node.func.value
        if _name(node) not in NEUTRAL:
            yield from (each for each in node.args if not isinstance(each, ast.Starred))


def sign(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a minus or a ``not`` stands before."""
    if isinstance(node, ast.UnaryOp):
        yield node.operand


def operation(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the opposite operation; ``@`` for ``*`` only where both sides may be arrays."""
    if isinstance(node, ast.BinOp):
        scalar = isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant)
        for other in OPERATIONS.get(type(node.op), ()):
            if not (scalar and other is ast.MatMult):
                yield changed(node, op=other())


def exponent(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the power one below and the one above."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        for right in _neighbours(node.right):
            yield changed(node, right=right)


def term(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a sum without one of its terms, and a product without one of its factors."""
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Mod):
        yield node.left
    if isinstance(node.op, ast.Add | ast.Mult):
        yield node.right
    if isinstance(node.op, ast.Sub):
        yield ast.UnaryOp(ast.USub(), node.right)


def order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield two operands, neighbouring arguments, indices or branches the other way round."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Mult):
        yield changed(node, left=node.right, right=node.left)
    elif isinstance(node, ast.Call) and _name(node) not in COMMUTATIVE:
        yield from (changed(node, args=args) for args in _swaps(node.args))
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        for each in _swaps(node.slice.elts):
            yield changed(node, slice=changed(node.slice, elts=each))
    elif isinstance(node, ast.IfExp):
        yield changed(node, body=node.orelse, orelse=node.body)


def constant(node: ast.AST) -> Iterator[ast.AST]:
    """Yield one more, half and zero in place of a number, and the other truth value."""
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        half = node.value / 2
        for value in (node.value + 1, int(half) if half == node.value // 2 else half, 0):
            if value != node.value:
                yield ast.Constant(value)


def bound(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a slice or a range that begins or ends one off."""
    if isinstance(node, ast.Slice):
        for side in ("lower", "upper"):
            for each in _neighbours(getattr(node, side)):
                yield changed(node, **{side: each})
    elif isinstance(node, ast.Call) and _name(node) in {"range", "arange"}:
        for position, argument in enumerate(node.args):
            for each in _neighbours(argument):
                yield changed(node, args=[*node.args[:position], each, *node.args[position + 1 :]])


def comparison(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a comparison that is strict if it was not, the reverse, and its negation."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS[type(node.ops[0])]:
            yield changed(node, ops=[other()])
    elif isinstance(node, ast.BoolOp):
        yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def transpose(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a matrix product with a transpose more, and an array without its transpose."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield changed(node, left=ast.Attribute(node.left, "T"))
        yield changed(node, right=ast.Attribute(node.right, "T"))


def negated(node: ast.stmt, _: Set[str]) -> Iterator[ast.AST]:
    """Yield a statement with a minus before its value, or before one of the values of a tuple."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.Expr) or not isinstance(value, ast.expr):
        return
    if isinstance(value, ast.UnaryOp) or (isinstance(value, ast.Constant) and not value.value):
        return  # what has a sign loses it elsewhere, and there is no other zero to write
    if not isinstance(value, ast.Tuple):
        yield changed(node, value=ast.UnaryOp(ast.USub(), value))
        return
    for position, each in enumerate(value.elts):
        if not isinstance(each, ast.Dict | ast.DictComp):
            minus = ast.UnaryOp(ast.USub(), each)
            elements = [*value.elts[:position], minus, *value.elts[position + 1 :]]
            yield changed(node, value=changed(value, elts=elements))


def dropped(node: ast.stmt, bound_before: Set[str]) -> Iterator[ast.AST]:
    """Yield nothing in place of a guard, a call, or an assignment that can be done without."""
    guard = isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise) and not node.orelse
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if guard or call or isinstance(node, ast.AugAssign):
        yield ast.Pass()
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if stored(*targets) <= bound_before:
            yield ast.Pass()


def augmented(node: ast.stmt, _: Set[str]) -> Iterator[ast.AST]:
    """Yield ``-=`` for ``+=``, and the like."""
    if isinstance(node, ast.AugAssign):
        for other in OPERATIONS.get(type(node.op), ()):
            yield changed(node, op=other())
        yield ast.Assign([node.target], node.value)


def returned(node: ast.stmt, _: Set[str]) -> Iterator[ast.AST]:
    """Yield a return of the same values in another order."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        for each in _swaps(node.value.elts):
            yield changed(node, value=changed(node.value, elts=each))


EXPRESSIONS: dict[str, Callable[[ast.AST], Iterator[ast.AST]]] = {
    "axis": axis,
    "keepdims": keepdims,
    "ddof": ddof,
    "function": function,
    "sign": sign,
    "operation": operation,
    "exponent": exponent,
    "bound": bound,
    "term": term,
    "order": order,
    "constant": constant,
    "comparison": comparison,
    "transpose": transpose,
    "call": dropped_call,
}
STATEMENTS: dict[str, Callable[[ast.stmt, Set[str]], Iterator[ast.AST]]] = {
    "sign": negated,
    "dropped": dropped,
    "operation": augmented,
    "order": returned,
}


def stored(*nodes: ast.AST) -> set[str]:
    """Return the variables that are assigned to anywhere in some nodes."""
    names = (each for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name))
    return {each.id for each in names if isinstance(each.ctx, ast.Store)}


def _name(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _option(call: ast.Call, name: str) -> bool:
    return any(each.arg == name for each in call.keywords)


def _with_option(call: ast.Call, name: str, value: object) -> ast.Call:
    new = ast.keyword(name, ast.Constant(value))  # type: ignore[arg-type]
    if not _option(call, name):
        return changed(call, keywords=[*call.keywords, new])
    return changed(call, keywords=[new if each.arg == name else each for each in call.keywords])


def _without_option(call: ast.Call, name: str) -> ast.Call:
    return changed(call, keywords=[each for each in call.keywords if each.arg != name])


def _neighbours(node: ast.expr | None) -> Iterator[ast.expr]:
    """Yield a whole number or an expression, less one and plus one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value - 1)
        yield ast.Constant(node.value + 1)
    elif node is not None:
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))


def _swaps(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """Yield a list with two neighbours swapped, for every pair of neighbours."""
    for position, (one, other) in enumerate(pairwise(nodes)):
        yield [*nodes[:position], other, one, *nodes[position + 2 :]]
