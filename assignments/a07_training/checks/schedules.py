"""Schedules: pure functions of the number of the epoch."""

from checks._rates import followed

from autograder.declare import Case, Exercise, curve


def number(rng, low, high):
    """Draw a number with two digits."""
    return float(f"{rng.uniform(low, high):.2g}")


def steps(rng, epochs, every):
    """Draw a schedule of steps."""
    options = {"lr": number(rng, 0.2, 0.9), "factor": number(rng, 0.2, 0.45)}
    return Case(epochs=epochs, every=every, **options)


def first_period(rng):
    """The epochs before the first drop."""
    for every in (3, 5):
        yield steps(rng, list(range(every)), every)


def periods(rng):
    """Three periods of three and of four epochs."""
    for every in (3, 4):
        yield steps(rng, list(range(3 * every)), every)


def boundaries(rng):
    """The epochs right before and right after a drop, far from the start too."""
    every = int(rng.integers(6, 12))
    epochs = [each * every + side for each in (1, 2, 5) for side in (-1, 0, 1)]
    yield steps(rng, epochs, every)


def every_one(rng):
    """A drop in every epoch."""
    yield steps(rng, [0, 1, 2, 3], 1)


exercise = Exercise("schedules.step_decay")


@exercise.check(first_period, public=True, picture=curve("epochs"))
def begins_with_a_whole_period(subject, case):
    """Before the first drop every epoch has the first rate, epoch 0 included."""
    return {"rates": followed(subject.step_decay, case)}


@exercise.check(periods, weight=3, public=True, picture=curve("epochs"))
def drops_every_few_epochs(subject, case):
    """The rate stays the same within a period, and drops by the factor from one to the next."""
    return {"rates": followed(subject.step_decay, case)}


@exercise.check(boundaries, weight=2)
def drops_at_the_right_epochs(subject, case):
    """Each drop happens at a multiple of the period, neither before nor after."""
    return {"rates": followed(subject.step_decay, case)}


@exercise.check(every_one)
def may_drop_in_every_epoch(subject, case):
    """With a period of one epoch the rate drops in each."""
    return {"rates": followed(subject.step_decay, case)}


exercise.mutant(
    "float_division",
    old="epoch // every",
    new="epoch / every",
    hint="How many whole periods are over in the middle of a period?",
)
exercise.mutant(
    "drops_at_once",
    old="epoch // every",
    new="-(-epoch // every)",
    hint="What is the floor of -0.1, and when does your rate drop for the first time?",
)
exercise.mutant(
    "printed_formula",
    old="factor ** (epoch // every)",
    new="math.exp(-epoch // every)",
    hint="Which factor do you use, and is the floor of -0.1 what you think?",
)
exercise.mutant(
    "within_the_period",
    old="epoch // every",
    new="epoch % every",
    hint="Do you count the periods that are over, or the epochs of the current one?",
)
exercise.mutant(
    "drops_once",
    old="(epoch // every)",
    new="(epoch >= every)",
    hint="What happens after the second period?",
)
exercise.mutant(
    "one_epoch_early",
    old="epoch // every",
    new="(epoch + 1) // every",
    hint="If epochs count from 0, which is the last one of the first period?",
)
exercise.mutant(
    "one_epoch_late",
    old="epoch // every",
    new="max(epoch - 1, 0) // every",
    hint="Does the drop come right at a multiple of the period?",
)
exercise.mutant(
    "factor_is_cut_off",
    old="factor **",
    new="(1 - factor) **",
    hint="Is the factor what is left of the rate, or what is taken away?",
)
exercise.mutant(
    "grows",
    old="lr * factor",
    new="lr / factor",
    hint="Is your rate larger or smaller after a drop?",
)
exercise.mutant(
    "multiplied_in",
    old="factor ** (epoch // every)",
    new="(factor * (epoch // every) if epoch >= every else 1)",
    hint="Two drops: do you multiply by the factor twice, or by two factors' sum?",
)

exercise.alternative(
    "loop_of_drops",
    """
    def step_decay(lr, epoch, factor, every):
        rate = lr
        for t in range(1, epoch + 1):
            if t % every == 0:
                rate *= factor
        return rate
    """,
)
exercise.alternative(
    "recursion",
    """
    def step_decay(lr, epoch, factor, every):
        return lr if epoch < every else factor * step_decay(lr, epoch - every, factor, every)
    """,
)
exercise.alternative(
    "logarithms",
    """
    def step_decay(lr, epoch, factor, every):
        return np.exp(np.log(lr) + np.floor(epoch / every) * np.log(factor))


    import numpy as np
    """,
)


def shrinking(rng, epochs):
    """Draw an exponential schedule."""
    return Case(epochs=epochs, lr=number(rng, 0.2, 0.9), gamma=number(rng, 0.6, 0.9))


def start_of_shrinking(rng):
    """The very first epoch."""
    yield shrinking(rng, [0])


def epochs_of_shrinking(rng):
    """The first epochs, at two speeds."""
    for _ in range(2):
        yield shrinking(rng, list(range(6)))


def mixed_shrinking(rng):
    """Later epochs, not in order, some of them twice."""
    for _ in range(2):
        yield shrinking(rng, [30, 3, 8, 3, 30, 0])


exercise = Exercise("schedules.exponential_decay")


@exercise.check(start_of_shrinking, public=True)
def epoch_0_has_the_first_rate(subject, case):
    """Epoch 0 has the first rate itself."""
    return {"rates": followed(subject.exponential_decay, case)}


@exercise.check(epochs_of_shrinking, weight=3, public=True, picture=curve("epochs"))
def shrinks_by_one_factor_per_epoch(subject, case):
    """From each epoch to the next the rate is multiplied by gamma."""
    return {"rates": followed(subject.exponential_decay, case)}


@exercise.check(mixed_shrinking, weight=2)
def remembers_nothing(subject, case):
    """The rate of an epoch does not depend on which epochs were asked for before."""
    return {"rates": followed(subject.exponential_decay, case)}


exercise.mutant(
    "grows",
    old="gamma**epoch",
    new="gamma ** (-epoch)",
    hint="Is the rate of epoch 1 smaller than that of epoch 0?",
)
exercise.mutant(
    "compounds",
    old="gamma**epoch",
    new="gamma ** (epoch * (epoch + 1) // 2)",
    hint="Does the power belong to the first rate, or do you multiply it into a rate that has shrunk already?",
)
exercise.mutant(
    "natural_base",
    old="gamma**epoch",
    new="math.exp(-gamma * epoch)",
    hint="What is left of the rate after one epoch if gamma is 0.9?",
)
exercise.mutant(
    "gamma_is_cut_off",
    old="gamma**epoch",
    new="(1 - gamma) ** epoch",
    hint="Is gamma what is left of the rate, or what is taken away?",
)
exercise.mutant(
    "one_epoch_ahead",
    old="gamma**epoch",
    new="gamma ** (epoch + 1)",
    hint="Which rate does epoch 0 have?",
)
exercise.mutant(
    "rate_to_the_power_too",
    old="lr * gamma**epoch",
    new="(lr * gamma) ** epoch",
    hint="What does the power apply to?",
)
exercise.mutant(
    "a_line",
    old="lr * gamma**epoch",
    new="lr - lr * (1 - gamma) * epoch",
    hint="Does the rate lose the same amount in every epoch, or the same share?",
)
exercise.mutant(
    "keeps_a_memory",
    old="return lr * gamma**epoch",
    new="memory = exponential_decay.__dict__\n"
    '    memory["rate"] = memory["rate"] * gamma if epoch and "rate" in memory else lr * gamma**epoch\n'
    '    return memory["rate"]',
    hint="If somebody asks for the same epoch twice, does your function give the same rate twice?",
)

exercise.alternative(
    "epoch_by_epoch",
    """
    def exponential_decay(lr, epoch, gamma):
        for _ in range(epoch):
            lr = lr * gamma
        return lr
    """,
)
exercise.alternative(
    "natural_logarithm",
    """
    def exponential_decay(lr, epoch, gamma):
        return lr * math.exp(epoch * math.log(gamma))
    """,
)
exercise.alternative(
    "recursion",
    """
    def exponential_decay(lr, epoch, gamma):
        return lr if epoch == 0 else gamma * exponential_decay(lr, epoch - 1, gamma)
    """,
)


def slowing(rng, epochs):
    """Draw a schedule of inverse time."""
    return Case(epochs=epochs, lr=number(rng, 0.2, 0.9), decay=number(rng, 0.1, 0.4))


def start_of_slowing(rng):
    """The very first epoch."""
    yield slowing(rng, [0])


def epochs_of_slowing(rng):
    """The first epochs, at two speeds."""
    for _ in range(2):
        yield slowing(rng, list(range(6)))


def late_slowing(rng):
    """Late epochs."""
    yield slowing(rng, [10, 100, 1000])


def no_slowing(rng):
    """A speed of 0."""
    yield Case(epochs=[0, 1, 7], lr=number(rng, 0.2, 0.9), decay=0.0)


exercise = Exercise("schedules.inverse_time_decay")


@exercise.check(start_of_slowing, public=True)
def epoch_0_has_the_first_rate(subject, case):
    """Epoch 0 has the first rate itself."""
    return {"rates": followed(subject.inverse_time_decay, case)}


@exercise.check(epochs_of_slowing, weight=3, public=True, picture=curve("epochs"))
def falls_like_one_over_the_time(subject, case):
    """The rate is divided by a number that grows by the same amount in every epoch."""
    return {"rates": followed(subject.inverse_time_decay, case)}


@exercise.check(late_slowing, weight=2)
def falls_ever_more_slowly(subject, case):
    """Late epochs still have a rate that is worth something."""
    return {"rates": followed(subject.inverse_time_decay, case)}


@exercise.check(no_slowing)
def speed_of_zero_changes_nothing(subject, case):
    """Without decay the rate stays as it is."""
    return {"rates": followed(subject.inverse_time_decay, case)}


exercise.mutant(
    "precedence",
    old="lr / (1 + decay * epoch)",
    new="lr / 1 + decay * epoch",
    hint="What stands below the fraction bar?",
)
exercise.mutant(
    "no_one",
    old="(1 + decay * epoch)",
    new="(decay * epoch)",
    hint="What do you divide by in epoch 0?",
)
exercise.mutant(
    "exponential",
    old="(1 + decay * epoch)",
    new="(1 + decay) ** epoch",
    hint="Does the divisor grow by the same amount in every epoch, or by the same factor?",
)
exercise.mutant(
    "one_epoch_ahead",
    old="decay * epoch",
    new="decay * (epoch + 1)",
    hint="Which rate does epoch 0 have?",
)
exercise.mutant(
    "compounds",
    old="(1 + decay * epoch)",
    new="math.prod(1 + decay * t for t in range(epoch + 1))",
    hint="Do you divide the first rate, or the rate of the epoch before?",
)
exercise.mutant(
    "square_root",
    old="(1 + decay * epoch)",
    new="math.sqrt(1 + decay * epoch)",
    hint="Is there a root in the formula of this course?",
)
exercise.mutant(
    "decay_is_a_time",
    old="decay * epoch",
    new="epoch / decay",
    hint="Does a larger decay make the rate fall faster or more slowly?",
)
exercise.mutant(
    "grows",
    old="lr / (1",
    new="lr * (1",
    hint="Is the rate of epoch 1 smaller than that of epoch 0?",
)

exercise.alternative(
    "power_of_minus_one",
    """
    def inverse_time_decay(lr, epoch, decay):
        return lr * (1.0 + epoch * decay) ** -1
    """,
)
exercise.alternative(
    "divisor_in_a_loop",
    """
    def inverse_time_decay(lr, epoch, decay):
        divisor = 1.0
        for _ in range(epoch):
            divisor += decay
        return lr / divisor
    """,
)
exercise.alternative(
    "sum_of_inverses",
    """
    def inverse_time_decay(lr, epoch, decay):
        return 1 / (1 / lr + decay / lr * epoch)
    """,
)
