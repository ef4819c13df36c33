"""Values that cross the border of the sandbox, as hypothesis strategies, and when two are the same."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.leaves import FIXED_DTYPES

DTYPES = [*sorted(FIXED_DTYPES), "<U1", "<U7"]

texts = st.text(st.characters(codec="utf-8"), max_size=8)
atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(1 << 200), 1 << 200),
    st.floats(),
    st.complex_numbers(),
    texts,
    st.binary(max_size=600),
)


def _elements(code):
    """Text that an array can hold and that is data; anything of another dtype."""
    if code[1] != "U":
        return None
    return texts.map(lambda text: text[: int(code[2:])].rstrip("\0"))


LAYOUTS = [
    lambda array: array,
    lambda array: array.T,
    lambda array: array[..., ::2] if array.ndim else array,
    lambda array: array[::-1] if array.ndim else array,
]
shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
arrays = st.tuples(st.sampled_from(DTYPES), st.sampled_from(LAYOUTS)).flatmap(
    lambda drawn: hnp.arrays(drawn[0], shapes, elements=_elements(drawn[0])).map(drawn[1])
)
scalars = st.sampled_from(sorted(FIXED_DTYPES)).flatmap(
    lambda code: hnp.arrays(code, 1).map(lambda array: array[0])
)
keys = st.one_of(
    st.none(), st.integers(), texts, st.binary(max_size=8), st.tuples(texts, st.integers())
)
values = st.recursive(
    st.one_of(atoms, arrays, scalars, st.frozensets(keys, max_size=4), st.sets(keys, max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)


def same(left, right):
    """Equal values of equal types, NaN equal to itself, arrays of one dtype and layout."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return same_array(left, right)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return [*left] == [*right] and all(same(left[key], right[key]) for key in left)
    if isinstance(left, np.generic):
        return same_array(np.asarray(left), np.asarray(right))
    return left == right or (left != left and right != right)


def same_array(left, right):
    layouts = [(array.flags.c_contiguous, array.flags.f_contiguous) for array in (left, right)]
    equal_nan = left.dtype.kind in "fc"
    return (
        left.dtype == right.dtype
        and layouts[0] == layouts[1]
        and left.shape == right.shape
        and np.array_equal(left, right, equal_nan=equal_nan)
    )
