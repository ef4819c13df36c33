"""What was done to the right answer is named, and only where that is the whole story."""

from pathlib import Path

import numpy as np
import pytest

from autograder.model import Case, Check, Judge
from autograder.numerics.compare import SubjectError
from autograder.numerics.diagnose import observe_all
from autograder.numerics.expectations import expect
from autograder.numerics.transforms import FACTORS, TRANSFORMS, diagnose_transform

RNG = np.random.default_rng(1)
TABLES = [Case(x=RNG.standard_normal(shape) + 3) for shape in ((4, 3), (2, 5), (3, 4), (5, 2))]
VECTORS = [Case(x=RNG.standard_normal(length) + 3) for length in (2, 3, 5)]


def whole(subject, case):
    return {"y": subject.f(case.x)}


def untouched(subject, case):
    subject.f(case.x)
    return {"x": case.x, "dtype": str(case.x.dtype)}


def refused(subject, case):
    return {"y": subject.f(case.x[:0])}


def at_zero(subject, case):
    return {"y": subject.f(0 * case.x)}


def make(function, cases, judge=None):
    return Check(
        function.__name__, "A check.", function, lambda rng: iter(cases), 1.0, False,
        judge or Judge(), Path("c"), 1,
    )  # fmt: skip


def nonempty(function):
    def guarded(x):
        if not x.size:
            raise ValueError("empty")
        return function(x)

    return guarded


def diagnosed(reference, wrong, cases=TABLES, others=()):
    """Diagnose a wrong function; `others` are further checks."""
    right = {"f": reference}.__getitem__
    checks = [expect(make(whole, cases), cases, right)]
    checks += [expect(make(function, cases, judge), cases, right) for function, judge in others]
    diagnosis = diagnose_transform(checks, observe_all(checks, {"f": wrong}.__getitem__))
    return diagnosis.mutants[0].removeprefix("transform: ") if diagnosis else None


def square(x):
    return x**2


ARRAYS = {
    "negated": lambda x: -(x**2),
    "transposed": lambda x: (x**2).T,
    "reversed along axis 0": lambda x: x[::-1] ** 2,
    "reversed along axis 1": lambda x: x[:, ::-1] ** 2,
    "sum along axis 0": lambda x: (x**2).sum(axis=0),
    "mean along axis 1": lambda x: (x**2).mean(axis=1),
    "sum over all entries": lambda x: (x**2).sum(),
    "factor 2": lambda x: 2 * x**2,
    "factor 1/2": lambda x: x**2 / 2,
    "factor N": lambda x: x**2 * len(x),
    "factor 1/N": lambda x: x**2 / len(x),
    "factor K": lambda x: x**2 * x.shape[1],
    "factor 1/K": lambda x: x**2 / x.shape[1],
    "factor size": lambda x: x**2 * x.size,
    "factor 1/size": lambda x: x**2 / x.size,
}


@pytest.mark.parametrize("name", ARRAYS)
def test_each_transform_of_an_array_is_named(name):
    assert diagnosed(square, ARRAYS[name]) == name


NUMBERS = {
    "negated": lambda x: -float(x.mean()),
    "factor 2": lambda x: 2 * float(x.mean()),
    "factor N": lambda x: float(x.sum() / x.shape[1]),
    "factor size": lambda x: float(x.sum()),
    "no mean over all entries": lambda x: x,
    "no mean along axis 0": lambda x: x.mean(axis=1),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_each_transform_of_a_number_is_named(name):
    assert diagnosed(lambda x: float(x.mean()), NUMBERS[name]) == name


def test_the_entries_of_a_vector_are_its_rows():
    assert diagnosed(np.mean, np.sum, VECTORS) == "factor N"


def test_outputs_of_several_arrays_are_transformed_together():
    assert diagnosed(lambda x: (x, [x**2]), lambda x: (-x, [-(x**2)])) == "negated"
    assert diagnosed(lambda x: (x, [x**2]), lambda x: (-x, [x**2])) is None


UNKNOWN = {
    "another constant": lambda x: 1.7 * x**2,
    "right on some cases": lambda x: -(x**2) if len(x) == 4 else x**2,
    "not the same symbol on every case": lambda x: x**2 * (len(x) if len(x) < 5 else 2),
    "almost": lambda x: -(x**2) * (1 + 1e-4),
    "another power": lambda x: x**3,
    "nothing": lambda x: None,
    "text": lambda x: "y",
    "not a number": lambda x: x * np.nan,
    "an extra output": lambda x: (-(x**2), 0),
    "float32": lambda x: (-(x**2)).astype(np.float32).astype(object),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_no_transform_is_not_named(name):
    assert diagnosed(square, UNKNOWN[name]) is None


def test_an_exception_on_one_case_is_no_transform():
    def raising(x):
        if len(x) == 5:
            raise ValueError
        return -(x**2)

    assert diagnosed(square, raising) is None


def test_a_constant_factor_has_to_be_seen_on_three_shapes():
    assert diagnosed(square, ARRAYS["factor N"], TABLES[:2]) is None
    assert diagnosed(square, ARRAYS["factor N"], [TABLES[0]] * 4) is None
    assert diagnosed(square, ARRAYS["factor N"], TABLES[:3]) == "factor N"


def test_a_factor_that_could_be_either_symbol_is_not_named():
    pairs = [Case(x=RNG.standard_normal((n, 2)) + 3) for n in (3, 4, 5)]
    assert diagnosed(square, lambda x: 2 * x**2, pairs) is None


def test_what_two_transforms_explain_is_not_named():
    symmetric = [Case(x=np.array([[1.0, 2.0], [2.0, 1.0]]))]
    assert diagnosed(square, ARRAYS["reversed along axis 0"], symmetric) is None


def test_a_check_that_passes_must_not_be_spoilt():
    def shifted(x):
        return x**2 + 1

    def right_at_zero(x):
        return -shifted(x) if x.any() else shifted(x)

    others = [(at_zero, None)]
    assert diagnosed(square, ARRAYS["negated"], others=others) == "negated"
    assert diagnosed(shifted, lambda x: -shifted(x), others=others) == "negated"
    assert diagnosed(shifted, right_at_zero, others=others) is None


def test_checks_of_other_things_have_no_part_in_it():
    others = [(untouched, Judge("exact")), (refused, Judge("raises", "ValueError"))]
    wrong = nonempty(ARRAYS["transposed"])
    assert diagnosed(nonempty(square), wrong, others=others) == "transposed"
    assert diagnosed(nonempty(square), ARRAYS["transposed"], others=others) == "transposed"


def test_what_cannot_be_transformed_is_not_explained():
    cases = [Case(x=np.array([[1.0, 2.0, 3.0], [5.0, 4.0, 7.0]])), Case(x=np.array(2.0))]
    assert diagnosed(square, lambda x: x.T**2 if x.ndim else np.nan, cases) is None
    assert diagnosed(square, lambda x: x.T**2, cases) is None, "a number has no transpose"


def test_an_exercise_that_fails_by_exceptions_only_is_not_explained():
    def raising(x):
        raise SubjectError("f", ("ValueError",), "")

    assert diagnosed(square, raising) is None


def test_every_transform_asks_a_question_and_has_a_name_of_its_own():
    transforms = [*TRANSFORMS, *FACTORS]
    assert all(each.hint.endswith("?") for each in transforms)
    assert len({each.name for each in transforms}) == len(transforms)
    assert not any(character.isdigit() for each in FACTORS[2:] for character in each.hint)


def test_no_mutant_of_the_course_looks_like_a_transform(course):
    names = [
        mutant.name
        for assignment in course.assignments.values()
        for exercise in assignment.exercises
        for mutant in exercise.mutants
    ]
    assert not any(name.startswith("transform: ") for name in names)


def test_numbers_whose_squares_overflow_have_no_factor():
    with np.errstate(all="raise"):
        assert diagnosed(lambda x: x + 0, lambda x: 1e200 * x) is None
