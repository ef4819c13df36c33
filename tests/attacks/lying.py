"""Attacks by what is returned: objects that equal everything, arrays that are none."""

from tests.attacks.attack import NOTHING, WRONG, Attack, with_mean

EQUAL = """
    class Equal{bases}:
        def __eq__(self, other): return True
        def __ne__(self, other): return False
        def __hash__(self): return 0
        def __lt__(self, other): return True
        __le__ = __gt__ = __ge__ = __lt__
        def __bool__(self): return True
        def __sub__(self, other): return 0.0
        __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __sub__
        def __abs__(self): return 0.0
        def __float__(self): return 0.0
        def __array__(self, *args, **kwargs): return np.asarray(0.0)
        def __array_function__(self, *args): return True
        def __array_ufunc__(self, *args, **kwargs): return np.asarray(0.0)
        shape, ndim, size, dtype = (), 0, 1, np.dtype(float)
"""


def returning(name, expression, *cells, score=NOTHING):
    """Make an attack whose wrong ``mean`` returns something."""
    return Attack(
        name, score, with_mean(f"return {expression}", WRONG), ("import numpy as np", *cells)
    )


LYING = (
    returning("return an object that equals everything", "Equal()", EQUAL.format(bases="")),
    returning("return a float that equals everything", "Equal(1)", EQUAL.format(bases="(float)")),
    returning(
        "return an array that equals everything",
        "np.zeros(()).view(Equal)",
        """
        class Equal(np.ndarray):
            def __eq__(self, other): return np.asarray(True)
            def __sub__(self, other): return np.zeros(())
            __rsub__ = __sub__
            def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
                return np.asarray(True) if ufunc.__name__ in ("equal", "isfinite") else np.zeros(())
            def __array_function__(self, *args): return np.zeros(())
        """,
    ),
    returning(
        "return an array that lies about its shape and dtype",
        "np.arange(6).view(Shapeless)",
        """
        class Shapeless(np.ndarray):
            shape = property(lambda self: ())
            dtype = property(lambda self: np.dtype(float))
            ndim, size = 0, 1
        """,
    ),
    returning(
        "return an object whose array changes each time it is asked for",
        "Changing()",
        """
        class Changing:
            asked = 0
            def __array__(self, *args, **kwargs):
                self.asked += 1
                return np.asarray(float(self.asked))
        """,
    ),
    returning(
        "return an array of objects that equal everything",
        "np.array([Equal()], dtype=object)",
        EQUAL.format(bases=""),
    ),
    returning(
        "return a class that claims to be a float",
        "Kind()",
        """
        class Meta(type):
            def __instancecheck__(cls, value): return True
            def __subclasscheck__(cls, value): return True
            def mro(cls): return [cls, object]
        class Kind(metaclass=Meta):
            __class__ = float
        """,
    ),
    returning("return a masked array", "np.ma.masked_all(())"),
    returning("return NaN", "float('nan')"),
    returning("return a number to be told how far off it is", "1e200"),
    returning("return infinity", "float('inf')"),
    returning("return a function", "lambda *args: 0.0"),
    returning("return an array of records", "np.zeros((), dtype=[('a', float), ('b', object)])"),
    returning("return another shape that broadcasts", "np.full((1, 1), x.mean())"),
    returning("return a list that holds itself", "cycle", "cycle = []\ncycle.append(cycle)"),
    returning(
        "return a list nested a hundred thousand times",
        "nested",
        "nested = []\nfor _ in range(100_000):\n    nested = [nested]",
    ),
    returning("return half a gigabyte", "np.zeros(1 << 26)"),
    returning("return a million small lists", "[[] for _ in range(1_000_000)]"),
    returning(
        "return a set of numbers with one hash",
        "{(2**61 - 1) * n for n in range(3000)}",
    ),
    returning(
        "return something whose class can't be asked",
        "Rude()",
        """
        class Rude:
            def __getattribute__(self, name): raise SystemExit(name)
            def __repr__(self): raise SystemExit
            def __len__(self): return -1
        """,
    ),
    Attack(
        "zero the inputs in place",
        NOTHING,
        {
            "mean": "def mean(x):\n    x[:] = 0\n    return 0.0",
            "scale": "def scale(x, factor=2.0):\n    x *= 0\n    return x",
        },
    ),
    Attack(
        "make a right answer of the inputs in place",
        3.0,
        {
            "mean": "def mean(x):\n    return float(sum(x) / len(x))",
            "scale": "def scale(x, factor=2.0):\n    x[:] = 7\n    return x",
        },
    ),
)
