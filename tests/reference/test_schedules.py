from functools import partial

import numpy as np
import pytest

from reference.schedules import (
    cosine_annealing,
    exponential_decay,
    inverse_time_decay,
    step_decay,
    warmup_cosine,
)

FALLING = {
    "step_decay": partial(step_decay, lr=0.3, factor=0.5, every=4),
    "exponential_decay": partial(exponential_decay, lr=0.3, gamma=0.9),
    "inverse_time_decay": partial(inverse_time_decay, lr=0.3, decay=0.25),
    "cosine_annealing": partial(cosine_annealing, lr_max=0.3, lr_min=0.02, total=20),
}
every = pytest.mark.parametrize("schedule", FALLING.values(), ids=FALLING)


@every
def test_epoch_0_has_the_first_rate(schedule):
    assert schedule(epoch=0) == pytest.approx(0.3, rel=1e-15)


@every
def test_the_rate_never_grows_and_stays_positive(schedule):
    rates = np.array([schedule(epoch=epoch) for epoch in range(60)])
    assert (np.diff(rates) <= 1e-16).all()
    assert rates.min() > 0


@every
def test_the_rate_of_an_epoch_does_not_depend_on_the_epochs_before(schedule):
    assert [schedule(epoch=epoch) for epoch in (7, 3, 7)] == [
        schedule(epoch=epoch) for epoch in (7, 3, 7)
    ]
    assert isinstance(schedule(epoch=5), float)


def test_a_step_comes_at_every_multiple_of_the_period_and_nowhere_else():
    rates = [step_decay(1.0, epoch, 0.5, 3) for epoch in range(10)]
    assert rates == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]


def test_steps_in_every_epoch_are_an_exponential():
    for epoch in range(9):
        assert step_decay(0.7, epoch, 0.8, 1) == exponential_decay(0.7, epoch, 0.8)


def test_inverse_time_halves_the_rate_after_one_over_the_decay():
    assert inverse_time_decay(0.6, 8, 1 / 8) == 0.3
    assert inverse_time_decay(0.6, 8, 0.0) == 0.6


def test_the_cosine_is_symmetric_about_its_middle():
    for epoch in range(12):
        pair = cosine_annealing(0.9, 0.1, epoch, 11) + cosine_annealing(0.9, 0.1, 11 - epoch, 11)
        assert pair == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize("epoch", [10, 11, 15, 20, 1000])
def test_after_the_last_epoch_a_cosine_stays_at_its_smallest_rate(epoch):
    assert cosine_annealing(0.9, 0.1, epoch, 10) == 0.1
    assert warmup_cosine(0.9, 0.1, epoch, 3, 10) == 0.1


def test_the_warmup_is_a_line_from_above_zero_to_the_largest_rate():
    rates = [warmup_cosine(1.0, 0.2, epoch, 4, 10) for epoch in range(5)]
    np.testing.assert_allclose(rates, [0.2, 0.4, 0.6, 0.8, 1.0], rtol=1e-15)


def test_without_a_warmup_it_is_the_cosine():
    for epoch in range(9):
        assert warmup_cosine(0.9, 0.1, epoch, 0, 6) == cosine_annealing(0.9, 0.1, epoch, 6)
