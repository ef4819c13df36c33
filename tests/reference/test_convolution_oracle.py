"""Convolution and pooling against PyTorch and SciPy, over the traps of the curriculum."""

from importlib import import_module

import numpy as np
import pytest

from reference import convolution

pytestmark = pytest.mark.oracle

# images, filters, stride, padding: with and without a remainder, H != W, KH != KW, C != F, squares
LAYERS = [
    ((2, 3, 7, 5), (4, 3, 3, 2), 1, 0),
    ((2, 3, 7, 5), (4, 3, 3, 2), 2, 0),
    ((2, 3, 7, 5), (4, 3, 2, 3), 3, 1),
    ((1, 1, 4, 6), (1, 1, 4, 6), 1, 0),
    ((1, 2, 3, 8), (5, 2, 1, 1), 4, 0),
    ((3, 3, 6, 6), (3, 3, 3, 3), 2, 1),
    ((2, 2, 2, 3), (3, 2, 5, 4), 2, 2),
    ((4, 2, 9, 4), (2, 2, 2, 4), 4, 1),
]
# images, kernel, stride: side by side, overlapping, with gaps, with a remainder, one window
POOLS = [
    ((2, 3, 6, 4), 2, 2),
    ((2, 3, 7, 5), 2, 2),
    ((2, 3, 7, 5), 3, 1),
    ((1, 4, 7, 5), 3, 2),
    ((2, 1, 8, 5), 2, 3),
    ((2, 2, 3, 3), 3, 1),
    ((1, 1, 4, 7), 1, 2),
]
KINDS = {
    "both signs": lambda x: x,
    "negative": lambda x: x - 9,
    "positive": lambda x: x + 9,
}
layers = pytest.mark.parametrize(("images", "filters", "stride", "padding"), LAYERS)
pools = pytest.mark.parametrize(("images", "kernel", "stride"), POOLS)
kinds = pytest.mark.parametrize("kind", KINDS)


def leaves(*arrays):
    """Return the arrays as tensors whose gradients torch keeps."""
    torch = import_module("torch")
    return [torch.tensor(each, requires_grad=True) for each in arrays]


def assert_close(got, expected):
    expected = expected.detach().numpy()
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10 * np.abs(expected).max())


@layers
def test_conv2d_and_its_gradients_are_those_of_torch(images, filters, stride, padding):
    functional = import_module("torch").nn.functional
    rng = np.random.default_rng(21)
    x, weights, bias = (rng.standard_normal(shape) for shape in (images, filters, filters[:1]))
    tensors = leaves(x, weights, bias)
    expected = functional.conv2d(*tensors, stride=stride, padding=padding)
    z = convolution.conv2d(x, weights, bias, stride, padding)
    assert_close(z, expected)
    dout = rng.standard_normal(z.shape)
    expected.backward(import_module("torch").tensor(dout))
    gradients = convolution.conv2d_backward(dout, x, weights, stride, padding)
    for gradient, tensor in zip(gradients, tensors, strict=True):
        assert_close(gradient, tensor.grad)


@layers
def test_the_size_is_that_of_torch(images, filters, stride, padding):
    torch = import_module("torch")
    shape = torch.nn.functional.conv2d(
        torch.zeros(images), torch.zeros(filters), stride=stride, padding=padding
    ).shape[2:]
    assert tuple(shape) == tuple(
        convolution.conv_output_size(n, kernel, padding, stride)
        for n, kernel in zip(images[2:], filters[2:], strict=True)
    )


@layers
def test_columns_are_those_of_torch(images, filters, stride, padding):
    """Torch has a column for each window, and an axis of its own for the images."""
    functional = import_module("torch").nn.functional
    rng = np.random.default_rng(22)
    x, (kh, kw) = rng.standard_normal(images), filters[2:]
    options = {"kernel_size": (kh, kw), "stride": stride, "padding": padding}
    cols = convolution.im2col(x, kh, kw, stride, padding)
    expected = functional.unfold(*leaves(x), **options)
    assert_close(cols, expected.transpose(1, 2).flatten(0, 1))
    back = rng.standard_normal(cols.shape)
    (tensor,) = leaves(back.reshape(images[0], -1, cols.shape[1]).swapaxes(1, 2))
    folded = functional.fold(tensor, images[2:], **options)
    assert_close(convolution.col2im(back, images, kh, kw, stride, padding), folded)


@pytest.mark.parametrize("padding", [0, 1, 3])
def test_the_frame_is_that_of_torch(padding):
    functional = import_module("torch").nn.functional
    x = np.random.default_rng(23).standard_normal((2, 3, 4, 5))
    assert_close(convolution.pad2d(x, padding), functional.pad(*leaves(x), (padding,) * 4))


@pytest.mark.parametrize(
    ("image", "kernel"), [((7, 5), (3, 2)), ((5, 5), (3, 3)), ((4, 9), (4, 1)), ((3, 4), (3, 4))]
)
def test_the_true_convolution_is_that_of_scipy(image, kernel):
    signal = import_module("scipy.signal")
    rng = np.random.default_rng(24)
    f, g = rng.standard_normal(image), rng.standard_normal(kernel)
    np.testing.assert_allclose(
        convolution.true_convolution2d(f, g),
        signal.convolve2d(f, g, mode="valid"),
        rtol=1e-10,
        atol=1e-12,
    )
    np.testing.assert_allclose(
        convolution.conv2d(f[None, None], g[None, None], np.zeros(1))[0, 0],
        signal.correlate2d(f, g, mode="valid"),
        rtol=1e-10,
        atol=1e-12,
    )


@kinds
@pools
@pytest.mark.parametrize("name", ["max", "avg"])
def test_pooling_and_its_gradient_are_those_of_torch(name, images, kernel, stride, kind):
    torch = import_module("torch")
    rng = np.random.default_rng(25)
    x = KINDS[kind](rng.standard_normal(images))
    (tensor,) = leaves(x)
    expected = getattr(torch.nn.functional, f"{name}_pool2d")(tensor, kernel, stride)
    y = getattr(convolution, f"{name}pool2d")(x, kernel, stride)
    assert_close(y, expected)
    dout = rng.standard_normal(y.shape)
    expected.backward(torch.tensor(dout))
    dx = getattr(convolution, f"{name}pool2d_backward")(dout, x, kernel, stride)
    assert_close(dx, tensor.grad)


@pools
def test_torch_too_has_one_winner_at_a_tie(images, kernel, stride):
    torch = import_module("torch")
    rng = np.random.default_rng(26)
    x = rng.integers(0, 2, images).astype(float)
    (tensor,) = leaves(x)
    expected = torch.nn.functional.max_pool2d(tensor, kernel, stride)
    dout = rng.standard_normal(expected.shape)
    expected.backward(torch.tensor(dout))
    assert_close(convolution.maxpool2d_backward(dout, x, kernel, stride), tensor.grad)


@layers
def test_the_gradients_are_those_of_a_complex_step(images, filters, stride, padding):
    """The layer is a polynomial, so a step along the imaginary axis gives its slope exactly."""
    rng = np.random.default_rng(27)
    x, weights, bias = (rng.standard_normal(shape) for shape in (images, filters, filters[:1]))
    dout = rng.standard_normal(convolution.conv2d(x, weights, bias, stride, padding).shape)
    dx, dweights, dbias = convolution.conv2d_backward(dout, x, weights, stride, padding)

    def windows(array):
        frame = ((0, 0), (0, 0), (padding, padding), (padding, padding))
        view = np.lib.stride_tricks.sliding_window_view
        return view(np.pad(array, frame), filters[2:], (2, 3))[:, :, ::stride, ::stride]

    def loss(x, weights, bias):
        z = np.einsum("ncijrq,fcrq->nfij", windows(x), weights) + bias[:, None, None]
        return (z * dout).sum()

    for position, gradient in enumerate((dx, dweights, dbias)):
        arguments = [x, weights, bias]
        direction = rng.standard_normal(gradient.shape)
        arguments[position] = arguments[position] + 1e-30j * direction
        slope = loss(*arguments).imag / 1e-30
        assert np.vdot(gradient, direction) == pytest.approx(slope, rel=1e-10)
