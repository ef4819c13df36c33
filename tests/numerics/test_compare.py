"""The comparator on its own: (reference, answer, verdict), and the traps of comparing numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.model import Case
from autograder.numerics import compare
from autograder.numerics.compare import Finding, Observed, Raised, Subject

ETA = 1e-6
nan, inf = np.nan, np.inf


def verdict(reference, answer, scale=None, rule="tolerance", eta=ETA):
    scales = [np.zeros(np.shape(reference)) if scale is None else np.asarray(scale)]
    tree = {"y": reference}
    return compare.judge(rule, "", Observed(tree), scales, eta, Observed({"y": answer}))


class Fake:
    """Says that it equals everything and turns into any array."""

    def __init__(self, value):
        self.value = value

    def __array__(self, *args, **kwargs):
        return np.asarray(self.value)

    def __eq__(self, other):
        return True

    __hash__ = None


class Flattering(np.ndarray):
    __hash__ = None

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __sub__(self, other):
        return np.zeros(self.shape)


# reference, answer, kind of the finding ('' is right)
TABLE = [
    (1.0, 1.0, ""),
    (1.0, np.float64(1.0), ""),
    (1.0, np.float32(1.0), ""),
    (1.0, np.longdouble(1.0), ""),
    (1.0, np.array(1.0), ""),
    (1.0, 1, ""),
    (1.0, 1 + 0.9e-6, ""),
    (1.0, 1 + 2e-6, "value"),
    (1.0, True, "dtype"),
    (1.0, 1 + 0j, "dtype"),
    (1.0, np.array([1.0]), "shape"),
    (1.0, np.array([[1.0]]), "shape"),
    (1.0, [1.0], "type"),
    (1.0, None, "type"),
    (1.0, "1.0", "type"),
    (1.0, nan, "finite"),
    (1.0, inf, "finite"),
    (inf, inf, ""),
    (inf, -inf, "finite"),
    (inf, 1e300, "value"),
    (nan, nan, ""),
    (nan, 0.0, "value"),
    (0.0, 0.0, ""),
    (0.0, -0.0, ""),
    (0.0, 1e-9, "value"),
    (3, 3, ""),
    (3, np.int32(3), ""),
    (3, 3.0, "dtype"),
    (3, 4, "value"),
    (True, True, ""),
    (True, np.True_, ""),
    (True, 1, "dtype"),
    ("float32", "float32", ""),
    ("float32", "float64", "value"),
    (None, None, ""),
    (np.array([1.0, 2.0]), np.array([1.0, 2.0]), ""),
    (np.array([1.0, 2.0]), np.array([1.0, 2.0], np.float32), ""),
    (np.array([1.0, 2.0]), np.array([[1.0, 2.0]]).view(np.matrix), "shape"),
    (np.array([[1.0, 2.0]]), np.array([[1.0, 2.0]]).view(np.matrix), ""),
    (np.array([[1.0, 2.0]]), np.array([1.0, 2.0]), "shape"),
    (np.array([1.0, 1.0]), 1.0, "shape"),
    (np.array([1.0, 2.0]), [1.0, 2.0], "type"),
    (np.array([1.0, 2.0]), np.array([1, 2]), "dtype"),
    (np.array([1.0, 2.0]), np.array([1.0, 2.0], object), "dtype"),
    (np.array([1.0, 2.0]), np.array([1.0, nan]), "finite"),
    (np.array([1.0, nan]), np.array([1.0, nan]), ""),
    (np.array([1.0, inf]), np.array([1.0, inf]), ""),
    (np.array([1.0, 2.0]), Fake([1.0, 2.0]), "type"),
    (np.array([1.0, 2.0]), np.array([9.0, 9.0]).view(Flattering), "value"),
    (np.array([1, 2]), np.array([1, 3]), "value"),
    (np.array([1, 2]), np.array([1.0, 2.0]), "dtype"),
    (np.array([True, False]), np.array([True, False]), ""),
    (np.array([True, False]), np.array([1, 0]), "dtype"),
    (np.zeros((0, 3)), np.zeros((0, 3)), ""),
    (np.zeros((0, 3)), np.zeros((3, 0)), "shape"),
]


@pytest.mark.parametrize(("reference", "answer", "kind"), TABLE, ids=lambda value: repr(value)[:30])
def test_the_table(reference, answer, kind):
    assert verdict(reference, answer).kind == kind


TREES = [
    ((1.0, 2.0), (1.0, 2.0), ""),
    ((1.0, 2.0), [1.0, 2.0], ""),
    ((1.0, 2.0), (1.0, 2.0, 3.0), "type"),
    ((1.0, 2.0), None, "type"),
    ({"w": 1.0}, {"w": 1.0}, ""),
    ({"w": 1.0}, {"w": 1.0, "b": 0.0}, "type"),
    ({"w": 1.0}, {"v": 1.0}, "type"),
    ({"w": np.ones(2)}, {"w": np.array([1.0, 3.0])}, "value"),
]


@pytest.mark.parametrize(("reference", "answer", "kind"), TREES)
def test_trees_are_compared_entry_by_entry(reference, answer, kind):
    outcome = Observed({"y": answer})
    finding = compare.judge("tolerance", "", Observed({"y": reference}), (), ETA, outcome)
    assert finding.kind == kind


def test_a_finding_names_the_worst_entry():
    reference = np.zeros((3, 2)) + 1
    answer = reference.copy()
    answer[1, 0], answer[2, 1] = 1.1, 7
    finding = verdict(reference, answer)
    assert finding.where == "y[2, 1]"
    assert compare.sentence(finding, public=True) == "y[2, 1] is 7, expected 1."


def test_shape_comes_before_dtype_and_dtype_before_values():
    assert verdict(np.ones((2, 1)), np.zeros(2, int)).kind == "shape"
    assert verdict(np.ones(2), np.zeros(2, int)).kind == "dtype"


def test_numbers_that_look_alike_are_written_with_more_digits():
    finding = verdict(1.0, 1.0000021)
    assert finding.detail == "is 1.0000021, expected 1"


def test_a_badly_conditioned_value_may_move_as_far_as_its_inputs_allow():
    reference = 1e-3
    assert verdict(reference, reference + 5e-7).kind == "value"
    assert verdict(reference, reference + 5e-7, scale=1.0).kind == ""
    assert verdict(reference, reference + 5e-6, scale=1.0).kind == "value"


def test_a_tiny_entry_is_compared_at_the_scale_of_the_largest():
    reference = np.array([1.0, 0.0])
    assert verdict(reference, np.array([1.0, 1e-16])).kind == ""
    assert verdict(reference, np.array([1.0, 1e-12])).kind == "value"


def test_the_exact_judge_refuses_the_least_difference():
    assert verdict(1.0, 1.0, rule="exact").kind == ""
    assert verdict(1.0, np.nextafter(1.0, 2), rule="exact").kind == "value"


@given(
    arrays.arrays(np.float64, st.integers(1, 5), elements=st.floats(-1e6, 1e6)),
    st.floats(0.1, 0.9),
)
def test_a_relative_error_below_eta_is_right(reference, part):
    assert verdict(reference, reference * (1 + part * ETA)).kind == ""


@given(
    arrays.arrays(np.float64, st.integers(1, 5), elements=st.floats(1e-3, 1e6)),
    st.floats(2.0, 1e9),
    st.data(),
)
def test_a_relative_error_above_eta_is_found_where_it_is(reference, part, data):
    index = data.draw(st.integers(0, len(reference) - 1))
    answer = reference.copy()
    answer[index] += part * ETA * (answer[index] + 1e-9 * reference.max())
    finding = verdict(reference, answer)
    assert finding.kind == "value"
    assert finding.where == f"y[{index}]"


@given(arrays.arrays(np.float64, arrays.array_shapes(max_dims=3, max_side=3)))
def test_every_array_equals_itself_in_any_memory_order(reference):
    assert verdict(reference, np.asfortranarray(reference)).kind == ""
    assert verdict(reference, compare.strided(reference)).kind == ""


def outcome_of(function, check=None, case=None):
    names = {"f": function}
    return compare.observe(
        check or (lambda subject, case: {"y": subject.f(case.x)}),
        Subject(names.__getitem__),
        case or Case(x=1.0),
    )


def raising(error):
    def function(x):
        raise error

    return function


def finding_of(function, check=None, rule="tolerance", exception=""):
    reference = (
        outcome_of(lambda x: (x, x), check) if rule != "raises" else Raised(("ValueError",), "")
    )
    return compare.judge(rule, exception, reference, (0.0, 0.0), ETA, outcome_of(function, check))


def unpacking(subject, case):
    first, second = subject.f(case.x)
    return {"first": first, "second": second}


# what the subject's f does, and the sentence for a public and for a hidden check
EARLY_ENDS = [
    (
        raising(ZeroDivisionError("by zero")),
        "f raised ZeroDivisionError: by zero.",
        "f raised ZeroDivisionError.",
    ),
    (raising(SystemExit()), "f raised SystemExit.", "f raised SystemExit."),
    (
        raising(type("Seen3.14Error", (Exception,), {})("x")),
        "f raised Seen3.14Error: x.",
        "f raised an exception.",
    ),
    (
        raising(NotImplementedError("your code here: f")),
        "still to do: your code here: f.",
        "still to do: your code here: f.",
    ),
    (
        lambda x: None,
        "f returned None, expected a tuple of 2.",
        "what came back is not of the right type.",
    ),
    (
        lambda x: (x, x, x),
        "f returned a tuple of 3, expected a tuple of 2.",
        "what came back is not of the right type.",
    ),
]


@pytest.mark.parametrize(("function", "public", "hidden"), EARLY_ENDS)
def test_an_early_end_is_said_in_one_sentence(function, public, hidden):
    finding = finding_of(function, unpacking)
    assert compare.sentence(finding, public=True) == public
    assert compare.sentence(finding, public=False) == hidden


def test_a_missing_function_is_named():
    outcome = compare.observe(
        lambda subject, case: {"y": subject.g(1)}, Subject({}.__getitem__), Case()
    )
    assert isinstance(outcome, Raised)
    assert outcome.types[0] == "NameError"
    assert outcome.message == "name 'g' is not defined"


class RefusalError(ValueError):
    pass


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (raising(ValueError("no")), ""),
        (raising(RefusalError("no")), ""),
        (raising(TypeError("no")), "raised"),
        (lambda x: x, "raised"),
        (raising(NotImplementedError("your code here: f")), "todo"),
    ],
)
def test_an_expected_exception_may_be_a_subclass_and_nothing_else(function, kind):
    assert finding_of(function, rule="raises", exception="ValueError").kind == kind


def test_warnings_never_count():
    def warns(x):
        return np.log(np.zeros(1))[0] * 0 + np.float64(1e308) * 10

    assert isinstance(outcome_of(warns), Observed)


def test_nothing_of_a_hidden_case_is_in_its_sentence():
    finding = Finding("value", "dlogits[2, 1]", "is 0.31, expected 0.08", 3.0)
    assert compare.sentence(finding, public=False) == "dlogits has a wrong value."


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray, compare.strided])
def test_a_fresh_copy_keeps_the_memory_layout(layout):
    original = layout(np.arange(6.0).reshape(2, 3))
    copied = compare.fresh(Case(x=original, more=[original, {"x": original}])).x
    assert np.array_equal(copied, original)
    assert copied is not original
    assert copied.flags.c_contiguous == original.flags.c_contiguous
    assert copied.flags.f_contiguous == original.flags.f_contiguous
