"""Schedules against those of PyTorch, and against exact fractions where it has none."""

from fractions import Fraction
from importlib import import_module

import pytest

from reference import schedules

pytestmark = pytest.mark.oracle


def torch_rates(lr, epochs, make):
    """Return the rates that a scheduler of torch sets in some epochs."""
    torch = import_module("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = make(torch.optim.lr_scheduler, optimizer)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize("factor", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("every", [1, 3, 10])
def test_step_decay_is_that_of_torch(every, factor):
    expected = torch_rates(0.3, 40, lambda lib, each: lib.StepLR(each, every, factor))
    got = [schedules.step_decay(0.3, epoch, factor, every) for epoch in range(40)]
    assert got == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("gamma", [0.5, 0.9, 0.999, 1.0])
def test_exponential_decay_is_that_of_torch(gamma):
    expected = torch_rates(0.3, 40, lambda lib, each: lib.ExponentialLR(each, gamma))
    got = [schedules.exponential_decay(0.3, epoch, gamma) for epoch in range(40)]
    assert got == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("decay", [0.0, 0.01, 0.5, 3.0])
@pytest.mark.parametrize("epoch", [0, 1, 7, 100, 10_000])
def test_inverse_time_decay_is_the_exact_fraction(decay, epoch):
    expected = Fraction(0.3) / (1 + Fraction(decay) * epoch)
    assert schedules.inverse_time_decay(0.3, epoch, decay) == pytest.approx(
        float(expected), rel=1e-14
    )


@pytest.mark.parametrize("lr_min", [0.0, 0.02, 0.3])
@pytest.mark.parametrize("total", [1, 2, 7, 30])
def test_cosine_annealing_is_that_of_torch(total, lr_min):
    expected = torch_rates(
        0.3, total + 1, lambda lib, each: lib.CosineAnnealingLR(each, total, lr_min)
    )
    got = [schedules.cosine_annealing(0.3, lr_min, epoch, total) for epoch in range(total + 1)]
    assert got == pytest.approx(expected, rel=1e-10, abs=1e-15)


@pytest.mark.filterwarnings("ignore:The epoch parameter in `scheduler.step")
@pytest.mark.parametrize(("warmup", "total"), [(1, 5), (4, 9), (10, 12)])
def test_warmup_cosine_is_a_sequence_of_two_schedules_of_torch(warmup, total):
    def make(lib, each):
        line = lib.LinearLR(each, 1 / (warmup + 1), 1.0, total_iters=warmup)
        cosine = lib.CosineAnnealingLR(each, total - warmup, 0.02)
        return lib.SequentialLR(each, [line, cosine], [warmup])

    expected = torch_rates(0.3, total + 1, make)
    got = [schedules.warmup_cosine(0.3, 0.02, epoch, warmup, total) for epoch in range(total + 1)]
    assert got == pytest.approx(expected, rel=1e-10)
