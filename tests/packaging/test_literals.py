import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.model import Case
from autograder.numerics.compare import strided
from autograder.packaging.literals import NAMES, to_source


def rebuilt(value):
    names = {"Case": Case, "strided": strided}
    exec(NAMES, names)
    return eval(to_source(value), names)


dtypes = st.sampled_from(["f8", "f4", "f2", "i8", "i1", "u1", "?", "U3"])


@given(
    dtypes.flatmap(lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, min_side=0)))
)
def test_an_array_is_rebuilt_bit_by_bit(value):
    again = rebuilt(value)
    assert again.dtype == value.dtype
    assert again.shape == value.shape
    assert again.tobytes() == value.tobytes() or np.isnan(value.astype(float)).any()


@pytest.mark.parametrize("size", [3, 300])
@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray, strided])
def test_the_memory_layout_is_rebuilt(size, layout):
    value = layout(np.random.default_rng(0).standard_normal((size, 4)))
    again = rebuilt(value)
    assert np.array_equal(again, value)
    assert (again.flags.c_contiguous, again.flags.f_contiguous) == (
        value.flags.c_contiguous,
        value.flags.f_contiguous,
    )


PLAIN = [
    None,
    True,
    3,
    -0.5,
    float("inf"),
    "text",
    b"bytes",
    (1,),
    [1, (2, 3)],
    {"a": {"b": 1.0}},
    1j,
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_is_rebuilt(value):
    assert rebuilt(value) == value
    assert type(rebuilt(value)) is type(value)


def test_a_numpy_scalar_keeps_its_type():
    assert type(rebuilt(np.float32(0.1))) is np.float32


def test_a_case_is_rebuilt():
    assert dict(rebuilt(Case(n=2, x=[1.0]))) == {"n": 2, "x": [1.0]}


def test_what_is_not_plain_data_is_refused():
    with pytest.raises(TypeError, match="is not plain data"):
        to_source(Case(rng=np.random.default_rng(0)))
