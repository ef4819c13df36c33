import copy

import numpy as np
import pytest

from reference import convolution
from reference.convolution import (
    avgpool2d,
    avgpool2d_backward,
    col2im,
    conv2d,
    conv2d_backward,
    conv_output_size,
    im2col,
    maxpool2d,
    maxpool2d_backward,
    pad2d,
    true_convolution2d,
)

IMAGES = (2, 3, 7, 5)  # no two numbers of a shape are equal
FILTERS = (4, 3, 3, 2)
strides = pytest.mark.parametrize("stride", [1, 2, 3])
paddings = pytest.mark.parametrize("padding", [0, 1, 2])
pools = pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 1), (2, 3), (1, 1), (5, 2)])


def drawn(*shape, dtype=float):
    return np.random.default_rng(11).standard_normal(shape).astype(dtype)


def calls(dtype=float):
    """Return a call of every function that takes arrays, by its name."""
    x, image = drawn(*IMAGES, dtype=dtype), drawn(7, 5, dtype=dtype)
    weights, bias = drawn(*FILTERS, dtype=dtype), drawn(4, dtype=dtype)
    dz, dy = drawn(2, 4, 4, 3, dtype=dtype), drawn(2, 3, 3, 2, dtype=dtype)
    return {
        "pad2d": (x, 2),
        "conv2d": (x, weights, bias, 2, 1),
        "conv2d_backward": (dz, x, weights, 2, 1),
        "true_convolution2d": (image, weights[0, 0]),
        "maxpool2d": (x, 2, 2),
        "maxpool2d_backward": (dy, x, 2, 2),
        "avgpool2d": (x, 2, 2),
        "avgpool2d_backward": (dy, x, 2, 2),
        "im2col": (x, 3, 2, 2, 1),
        "col2im": (drawn(2 * 4 * 3, 3 * 3 * 2, dtype=dtype), IMAGES, 3, 2, 2, 1),
    }


every = pytest.mark.parametrize("name", calls())


def results(name, arguments):
    """Return what a function returns, as a tuple."""
    returned = getattr(convolution, name)(*arguments)
    return returned if isinstance(returned, tuple) else (returned,)


@every
def test_no_argument_is_modified(name):
    arguments = calls()[name]
    before = copy.deepcopy(arguments)
    results(name, arguments)
    np.testing.assert_equal(arguments, before)


@every
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_floats_keep_their_dtype(name, dtype):
    assert {each.dtype for each in results(name, calls(dtype)[name])} == {np.dtype(dtype)}


@every
def test_integers_become_float64(name):
    whole = [
        np.rint(9 * each).astype(int) if isinstance(each, np.ndarray) else each
        for each in calls()[name]
    ]
    floats = [each.astype(float) if isinstance(each, np.ndarray) else each for each in whole]
    got, expected = results(name, whole), results(name, floats)
    assert {each.dtype for each in got} == {np.dtype(float)}
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("n", "kernel", "padding", "stride"),
    [(n, k, p, s) for n in (1, 4, 7) for k in (1, 3, 4) for p in (0, 1, 2) for s in (1, 2, 3, 9)],
)
def test_the_size_counts_the_places_where_the_whole_kernel_lies_on_the_padded_image(
    n, kernel, padding, stride
):
    starts = [start for start in range(0, 99, stride) if start + kernel <= n + 2 * padding]
    if starts:
        assert conv_output_size(n, kernel, padding, stride) == len(starts)
    else:
        with pytest.raises(ValueError, match="does not fit"):
            conv_output_size(n, kernel, padding, stride)


def test_the_size_is_an_int():
    assert type(conv_output_size(8, 3, 1, 2)) is int


@paddings
def test_only_rows_and_columns_are_padded_and_with_zeros(padding):
    x = drawn(*IMAGES)
    padded = pad2d(x, padding)
    assert padded.shape == (2, 3, 7 + 2 * padding, 5 + 2 * padding)
    np.testing.assert_array_equal(padded[:, :, padding : padding + 7, padding : padding + 5], x)
    assert np.abs(padded).sum() == pytest.approx(np.abs(x).sum())


def test_a_kernel_of_one_pixel_mixes_channels_and_nothing_else():
    x, weights, bias = drawn(*IMAGES), drawn(4, 3, 1, 1), drawn(4)
    expected = np.moveaxis(np.moveaxis(x, 1, 3) @ weights[:, :, 0, 0].T + bias, 3, 1)
    np.testing.assert_allclose(conv2d(x, weights, bias), expected)


@strides
@paddings
def test_the_layer_is_one_product_of_matrices(stride, padding):
    x, weights, bias = drawn(*IMAGES), drawn(*FILTERS), drawn(4)
    z = conv2d(x, weights, bias, stride, padding)
    product = im2col(x, 3, 2, stride, padding) @ weights.reshape(4, -1).T + bias
    np.testing.assert_allclose(np.moveaxis(z, 1, 3).reshape(-1, 4), product)


@strides
@paddings
def test_col2im_is_the_adjoint_of_im2col(stride, padding):
    x = drawn(*IMAGES)
    cols = im2col(x, 3, 2, stride, padding)
    other = np.random.default_rng(12).standard_normal(cols.shape)
    assert np.vdot(cols, other) == pytest.approx(
        np.vdot(x, col2im(other, IMAGES, 3, 2, stride, padding))
    )


def test_rows_are_windows_in_reading_order_and_columns_are_channel_row_column():
    x = np.arange(2 * 3 * 7 * 5).reshape(IMAGES)
    cols = im2col(x, 3, 2, 2, 0)
    row = 0
    for image in range(2):
        for top in (0, 2, 4):
            for left in (0, 2):
                window = [
                    x[image, channel, top + r, left + q]
                    for channel in range(3)
                    for r in range(3)
                    for q in range(2)
                ]
                np.testing.assert_array_equal(cols[row], window)
                row += 1
    assert row == len(cols)


@strides
@paddings
def test_the_gradients_pass_a_taylor_test(stride, padding):
    rng = np.random.default_rng(13)
    x, weights, bias = drawn(*IMAGES), drawn(*FILTERS), drawn(4)
    dout = rng.standard_normal(conv2d(x, weights, bias, stride, padding).shape)
    gradients = conv2d_backward(dout, x, weights, stride, padding)
    steps = [rng.standard_normal(each.shape) for each in (x, weights, bias)]
    slope = sum(np.vdot(one, other) for one, other in zip(gradients, steps, strict=True))

    def loss(h):
        moved = (each + h * step for each, step in zip((x, weights, bias), steps, strict=True))
        return np.vdot(dout, conv2d(*moved, stride, padding))

    remainders = [abs(loss(h) - loss(0) - h * slope) for h in (0.1, 0.05, 0.025, 0.0125)]
    ratios = np.log2(np.divide(remainders[:-1], remainders[1:]))
    assert ratios.min() >= 1.9


def test_a_pixel_in_no_window_has_no_gradient():
    x, weights = drawn(1, 1, 5, 6), drawn(1, 1, 2, 2)
    dx, _, _ = conv2d_backward(np.ones((1, 1, 2, 2)), x, weights, stride=3)
    assert np.all(dx[:, :, 2] == 0)
    assert np.all(dx[:, :, :, [2, 5]] == 0)
    assert np.count_nonzero(dx) == 16


def test_a_bright_pixel_becomes_a_picture_of_the_kernel():
    image, kernel = np.zeros((5, 5)), drawn(3, 3)
    image[2, 2] = 1
    np.testing.assert_array_equal(true_convolution2d(image, kernel), kernel)
    correlated = conv2d(image[None, None], kernel[None, None], np.zeros(1))[0, 0]
    np.testing.assert_array_equal(correlated, kernel[::-1, ::-1])


def test_convolution_is_associative():
    image, one, other = drawn(8, 7), drawn(3, 2), drawn(2, 3)
    whole = np.pad(one, ((1, 1), (2, 2)))  # the full convolution of the two kernels
    np.testing.assert_allclose(
        true_convolution2d(true_convolution2d(image, one), other),
        true_convolution2d(image, true_convolution2d(whole, other)),
    )


@pools
def test_the_maximum_is_at_least_the_minimum_and_negative_among_negatives(kernel, stride):
    x = drawn(*IMAGES)
    assert np.all(maxpool2d(x, kernel, stride) >= -maxpool2d(-x, kernel, stride))
    assert np.all(maxpool2d(x - 100, kernel, stride) < 0)


@pools
@pytest.mark.parametrize("backward", [maxpool2d_backward, avgpool2d_backward])
def test_pooling_hands_on_all_of_its_gradient(backward, kernel, stride):
    x = drawn(*IMAGES)
    dout = np.random.default_rng(14).standard_normal(maxpool2d(x, kernel, stride).shape)
    np.testing.assert_allclose(
        backward(dout, x, kernel, stride).sum(axis=(2, 3)), dout.sum(axis=(2, 3))
    )


@pools
def test_the_average_and_its_gradient_are_adjoint(kernel, stride):
    x = drawn(*IMAGES)
    y = avgpool2d(x, kernel, stride)
    dout = np.random.default_rng(14).standard_normal(y.shape)
    assert np.vdot(dout, y) == pytest.approx(
        np.vdot(avgpool2d_backward(dout, x, kernel, stride), x)
    )


def test_every_window_has_one_winner_also_when_all_pixels_are_equal():
    dx = maxpool2d_backward(np.full((2, 3, 3, 2), 5.0), np.zeros(IMAGES), 2, 2)
    assert np.count_nonzero(dx) == 2 * 3 * 3 * 2
    assert dx.max() == 5


def test_a_pixel_that_wins_several_windows_gets_the_sum():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    dout = drawn(1, 1, 2, 2)
    dx = maxpool2d_backward(dout, x, 2, 1)
    assert dx[0, 0, 1, 1] == pytest.approx(dout.sum())
    assert np.count_nonzero(dx) == 1


X, W, B = np.zeros(IMAGES), np.zeros(FILTERS), np.zeros(4)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (pad2d, (X[0], 1), "images of shape"),
        (conv2d, (X[0], W, B), "images of shape"),
        (conv2d, (X, W[:, :1], B), "filters of shape"),
        (conv2d, (X, W[0], B), "filters of shape"),
        (conv2d, (X, W, B[:1]), "array of shape"),
        (conv2d, (X, W, B[:, None]), "array of shape"),
        (conv2d, (X[:, :, :2], W, B), "do not fit"),
        (conv2d, (X[:, :, :, :1], W, B), "do not fit"),
        (conv2d_backward, (np.zeros((2, 4, 5, 4, 1)), X, W), "array of shape"),
        (conv2d_backward, (np.zeros((2, 4, 5, 1)), X, W), "array of shape"),
        (conv2d_backward, (np.zeros((2, 1, 5, 4)), X, W), "array of shape"),
        (conv2d_backward, (np.zeros((2, 4, 5, 4)), X[:, :, :2], W), "array of shape"),
        (true_convolution2d, (X, W), "two axes"),
        (true_convolution2d, (np.zeros((3, 2)), np.zeros((2, 3))), "does not fit"),
        (maxpool2d, (X[0], 2, 2), "images of shape"),
        (maxpool2d, (X, 6, 1), "does not fit"),
        (avgpool2d, (X[0], 2, 2), "images of shape"),
        (avgpool2d, (X, 6, 1), "does not fit"),
        (maxpool2d_backward, (np.zeros((2, 3, 3, 3)), X, 2, 2), "array of shape"),
        (maxpool2d_backward, (np.zeros((2, 1, 3, 2)), X, 2, 2), "array of shape"),
        (avgpool2d_backward, (np.zeros((2, 3, 3, 3)), X, 2, 2), "array of shape"),
        (avgpool2d_backward, (np.zeros((1, 3, 3, 2)), X, 2, 2), "array of shape"),
        (im2col, (X[0], 2, 2, 1, 0), "images of shape"),
        (im2col, (X, 10, 2, 1, 1), "does not fit"),
        (col2im, (np.zeros((18, 24)), IMAGES, 3, 2, 2, 1), "array of shape"),
        (col2im, (np.zeros((24, 18)), IMAGES, 10, 2, 1, 1), "array of shape"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
