import numpy as np
import pytest

from reference.gradients import numerical_gradient, relative_error


def cubic(x):
    """Return a cubic function of several numbers, each slope of which depends on all of them."""
    return float(x.sum() ** 2 + (x**3).sum())


def cubic_slope(x):
    return 2 * x.sum() + 3 * x**2


@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (3, 3), (2, 1, 3)])
def test_the_gradient_has_the_shape_of_x(shape):
    x = np.random.default_rng(1).standard_normal(shape)
    gradient = numerical_gradient(cubic, x)
    assert isinstance(gradient, np.ndarray)
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, cubic_slope(x), rtol=1e-8, atol=1e-8)


def test_the_error_falls_with_the_square_of_the_step():
    x = np.random.default_rng(2).standard_normal((2, 3))
    steps = 2.0 ** -np.arange(5)
    errors = [np.abs(numerical_gradient(cubic, x, h) - cubic_slope(x)).max() for h in steps]
    np.testing.assert_allclose(errors, steps**2, rtol=1e-9)  # f''' / 6 = 1


def test_every_value_is_asked_for_a_step_away_from_x_along_one_axis():
    asked = []

    def watched(at):
        asked.append(at.copy())
        return 0.0

    numerical_gradient(watched, np.array([1.0, -2.0]), h=0.5)
    np.testing.assert_array_equal(asked, [[1.5, -2], [0.5, -2], [1, -1.5], [1, -2.5]])


def test_the_default_step_is_the_documented_one():
    farthest = []
    x = np.zeros(3)
    numerical_gradient(lambda at: farthest.append(np.abs(at - x).max()) or 0.0, x)
    assert max(farthest) == 1e-5


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.uint8])
def test_x_is_never_touched(dtype):
    x = (10 * np.random.default_rng(3).random((2, 3))).astype(dtype)
    before = x.copy()

    def checked(at):
        np.testing.assert_array_equal(x, before)
        return cubic(at)

    numerical_gradient(checked, x, 0.1)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("dtype", "kept"), [(np.float32, np.float32), (np.int64, np.float64), (np.uint8, np.float64)]
)
def test_f_is_asked_in_float64_and_float32_is_kept(dtype, kept):
    x = np.array([1, 2, 3], dtype)

    def checked(at):
        assert at.dtype == np.float64
        return cubic(at)

    gradient = numerical_gradient(checked, x)
    assert gradient.dtype == kept
    np.testing.assert_allclose(gradient, [15, 24, 39], rtol=1e-6)


def test_the_memory_order_of_x_does_not_matter():
    x = np.random.default_rng(4).standard_normal((3, 4))
    wide = np.repeat(x, 2, axis=1)
    for same in (np.asfortranarray(x), wide[:, ::2]):
        np.testing.assert_allclose(numerical_gradient(cubic, same), cubic_slope(x), rtol=1e-8)
    np.testing.assert_allclose(numerical_gradient(cubic, x.T), cubic_slope(x).T, rtol=1e-8)


def test_a_step_of_1e_12_is_taken_and_loses_digits():
    x = np.array([1.0, 2.0])
    error = np.abs(numerical_gradient(cubic, x, 1e-12) - cubic_slope(x)).max()
    assert 1e-6 < error < 0.1


def test_a_function_without_slope_has_the_gradient_zero():
    np.testing.assert_array_equal(numerical_gradient(lambda _: 7.0, np.ones((2, 2))), 0)


def test_equal_arrays_have_no_error_and_opposite_ones_the_largest():
    a = np.array([[1.0, -2.0], [3e-5, 4e5]])
    assert relative_error(a, a) == 0
    assert relative_error(a, -a) == 1
    assert relative_error(a, np.zeros_like(a)) == 1


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_zeros_agree_with_zeros(shape):
    error = relative_error(np.zeros(shape), -np.zeros(shape))
    assert type(error) is float
    assert error == 0


def test_the_error_is_symmetric_and_between_0_and_1():
    rng = np.random.default_rng(5)
    for _ in range(50):
        a, b = rng.standard_normal((2, 3, 2)) * 10.0 ** rng.uniform(-12, 3, (2, 3, 2))
        error = relative_error(a, b)
        assert error == relative_error(b, a)
        assert 0 <= error <= 1


def test_the_worst_entry_counts_however_small_it_is():
    assert relative_error(np.array([1e6, 1e-3]), np.array([1e6, 3e-3])) == pytest.approx(0.5)


def test_the_floor_takes_the_place_of_small_sizes_only():
    small, large = np.array([0.1]), np.array([0.3])
    assert relative_error(small, large, floor=1.0) == pytest.approx(0.2)
    assert relative_error(small, large, floor=0.2) == pytest.approx(0.5)
    assert relative_error(np.array([1e-9]), np.array([3e-9])) == pytest.approx(0.2)


def test_nan_is_not_overlooked():
    assert np.isnan(relative_error(np.array([1.0, np.nan]), np.array([1.0, 2.0])))
    assert np.isnan(relative_error(np.array([1.0, 2.0]), np.array([np.nan, 2.0])))


def test_integers_do_not_wrap():
    a, b = np.array([3, 200], np.uint8), np.array([5, 100], np.uint8)
    assert relative_error(a, b) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("left", "right"), [((3, 1), (3,)), ((2, 3), (1, 3)), ((4,), (1,)), ((), (2,))]
)
def test_shapes_that_differ_are_refused(left, right):
    with pytest.raises(ValueError, match="has shape"):
        relative_error(np.zeros(left), np.zeros(right))


def test_the_two_find_a_wrong_formula():
    x = np.random.default_rng(6).standard_normal(4)
    numerical = numerical_gradient(cubic, x)
    assert relative_error(cubic_slope(x), numerical) < 1e-8
    wrong = cubic_slope(x) * np.array([1, 1, 1.01, 1])
    assert relative_error(wrong, numerical) == pytest.approx(0.01 / 2.01, rel=1e-4)
