"""Initializers against the formulas of PyTorch, and their draws against the laws of SciPy."""

from importlib import import_module

import numpy as np
import pytest

from reference import initializers

pytestmark = pytest.mark.oracle

FANS = [(4, 50_000), (50_000, 4), (100, 2000), (300, 300)]
fans = pytest.mark.parametrize("fans", FANS)
UNIFORM = ["xavier_uniform", "he_uniform"]
NORMAL = ["xavier_normal", "he_normal", "lecun_normal"]


def torch_std(name, fan_in, fan_out):
    """Return the standard deviation that torch's initializer of this name has."""
    init = import_module("torch").nn.init
    if name.startswith("xavier"):
        return init.calculate_gain("linear") * (2 / (fan_in + fan_out)) ** 0.5
    gain = init.calculate_gain("relu" if name.startswith("he") else "linear")
    return gain / fan_in**0.5


def drawn_by_torch(name, fan_in, fan_out):
    """Let torch draw the weights; its layout has a row for each output."""
    torch = import_module("torch")
    init = torch.nn.init
    weights = torch.empty(fan_out, fan_in, dtype=torch.float64)
    options = {"generator": torch.Generator().manual_seed(8)}
    if name.startswith("xavier"):
        getattr(init, f"{name}_")(weights, **options)
    else:
        kind = "linear" if name == "lecun_normal" else "relu"
        method = name.replace("he", "kaiming").replace("lecun", "kaiming")
        getattr(init, f"{method}_")(weights, nonlinearity=kind, **options)
    return weights.numpy().T


def draw(name, pair, seed=2):
    return getattr(initializers, name)(*pair, np.random.default_rng(seed))


@fans
@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_weights_are_unit_numbers_stretched_to_the_bound_of_torch(name, fans):
    bound = 3**0.5 * torch_std(name, *fans)
    unit = np.random.default_rng(2).random(fans)
    np.testing.assert_allclose(draw(name, fans), bound * (2 * unit - 1), rtol=0, atol=1e-10 * bound)


@fans
@pytest.mark.parametrize("name", NORMAL)
def test_normal_weights_are_standard_numbers_times_the_std_of_torch(name, fans):
    standard = np.random.default_rng(2).standard_normal(fans)
    np.testing.assert_allclose(draw(name, fans), torch_std(name, *fans) * standard, rtol=1e-10)


@fans
@pytest.mark.parametrize("name", [*UNIFORM, *NORMAL])
def test_weights_and_those_of_torch_come_from_one_distribution(name, fans):
    stats = import_module("scipy.stats")
    ours, theirs = draw(name, fans), drawn_by_torch(name, *fans)
    assert ours.shape == theirs.shape
    assert stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue > 1e-6
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)


@fans
@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_weights_pass_the_test_of_kolmogorov(name, fans):
    stats = import_module("scipy.stats")
    bound = 3**0.5 * torch_std(name, *fans)
    law = stats.uniform(-bound, 2 * bound)
    assert stats.kstest(draw(name, fans).ravel(), law.cdf).pvalue > 1e-6


@fans
@pytest.mark.parametrize("name", NORMAL)
def test_normal_weights_pass_the_test_of_kolmogorov(name, fans):
    stats = import_module("scipy.stats")
    law = stats.norm(scale=torch_std(name, *fans))
    assert stats.kstest(draw(name, fans).ravel(), law.cdf).pvalue > 1e-6


@pytest.mark.parametrize("std", [0.01, 0.5, 3.0])
@pytest.mark.parametrize("shape", [(200_000,), (20, 10_000), (10, 5, 40, 100)])
def test_normal_numbers_pass_the_test_of_kolmogorov(shape, std):
    stats = import_module("scipy.stats")
    drawn = initializers.normal(shape, std, np.random.default_rng(2))
    assert stats.kstest(drawn.ravel(), stats.norm(scale=std).cdf).pvalue > 1e-6
    standard = np.random.default_rng(2).standard_normal(shape)
    np.testing.assert_allclose(drawn, std * standard, rtol=1e-10)


@pytest.mark.parametrize("shape", [(), (3,), (2, 5), (2, 3, 1, 4)])
def test_zeros_are_those_of_torch(shape):
    torch = import_module("torch")
    expected = torch.nn.init.zeros_(torch.empty(shape, dtype=torch.float64)).numpy()
    np.testing.assert_array_equal(initializers.zeros(shape), expected)


@pytest.mark.parametrize(
    "shape", [(8, 3, 5, 5), (2, 5, 3, 4), (4, 7, 3), (3, 2, 2, 3, 5), (5, 6, 1, 1), (4, 4, 3, 3)]
)
def test_fans_of_a_convolution_are_those_of_torch(shape):
    torch = import_module("torch")
    count = torch.nn.init._calculate_fan_in_and_fan_out
    assert initializers.conv_fans(shape) == count(torch.empty(shape))


@pytest.mark.parametrize("shape", [(3, 2, 3, 4), (2, 5, 2)])
def test_fans_are_the_nonzero_derivatives_of_a_convolution(shape):
    torch = import_module("torch")
    image = torch.ones(1, shape[1], *[9] * (len(shape) - 2), requires_grad=True)
    convolve = getattr(torch.nn.functional, f"conv{len(shape) - 2}d")
    middle = (Ellipsis, *[4] * (len(shape) - 2))

    def output(x):
        return convolve(x, torch.ones(shape), padding=4)

    (gradient,) = torch.autograd.grad(output(image)[middle][0, 0], image)
    spread = torch.zeros_like(image)
    spread[middle] = torch.eye(shape[1])[0]
    fan_in, fan_out = initializers.conv_fans(shape)
    assert int((gradient != 0).sum()) == fan_in
    assert int((output(spread) != 0).sum()) == fan_out
