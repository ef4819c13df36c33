"""What curves say: whether a model fits, and which learning rate is still good."""

import math

import numpy as np

from autograder.declare import Case, Exercise, exact

NAN = float("nan")


def falling(rng, end, epochs):
    """Draw a curve from 1 down to `end`: fast at first, with a little noise on the way."""
    times = np.linspace(0, 1, epochs)
    curve = end + (1 - end) * np.exp(-6 * times)
    noise = 0.02 * rng.uniform(-1, 1, epochs)
    noise[[0, -1]] = 0
    curve[-1] = end
    return curve + noise


def turning(rng, lowest, end, epochs):
    """Draw a curve from 1 down to `lowest` in the middle, and up to `end`."""
    middle = epochs // 2
    down = falling(rng, lowest, middle)
    return np.concatenate([down, np.linspace(lowest, end, epochs - middle + 1)[1:]])


def histories(rng, train, validation):
    """Yield the history of two curves, in a small unit and in a large one."""
    for low, high in [(0.02, 0.2), (5.0, 50.0)]:
        unit = rng.uniform(low, high)
        curves = {"loss": unit * train, "validation_loss": unit * validation}
        yield Case(history={name: curve.tolist() for name, curve in curves.items()})


def plain(rng):
    """One clear example of each kind."""
    yield from histories(rng, falling(rng, 0.8, 8), falling(rng, 0.85, 8))
    yield from histories(rng, falling(rng, 0.05, 8), turning(rng, 0.3, 0.7, 8))
    yield from histories(rng, falling(rng, 0.1, 8), falling(rng, 0.15, 8))


def too_simple(rng):
    """Training losses that stay high, beside validation losses that do too."""
    for end in (0.6, 0.9, 1.2):
        gap = rng.uniform(-0.05, 0.1)
        yield from histories(rng, falling(rng, end, 7), falling(rng, end + gap, 7))


def well_fitted(rng):
    """Training losses that fall by far or just enough, with a small gap or none."""
    for end, gap in [(0.02, 0.05), (0.4, 0.15), (0.45, -0.3), (0.1, 0.2)]:
        yield from histories(rng, falling(rng, end, 9), falling(rng, end + gap, 9))


def hardly_turned(rng):
    """Validation losses that have risen a little from their lowest value."""
    yield from histories(rng, falling(rng, 0.1, 9), turning(rng, 0.15, 0.225, 9))


def with_a_gap(rng):
    """Validation losses that stay high above the training loss, yet do not rise."""
    for end, gap in [(0.02, 0.4), (0.1, 0.6), (0.35, 0.35)]:
        yield from histories(rng, falling(rng, end, 9), falling(rng, end + gap, 9))


def with_a_turn(rng):
    """Validation losses that have risen clearly, to values not yet bad: in the end, or always."""
    for end in (0.05, 0.15):
        top = end + 0.04 + rng.uniform(0.13, 0.16)
        yield from histories(rng, falling(rng, end, 10), turning(rng, end + 0.04, top, 10))
    yield from histories(rng, falling(rng, 0.2, 6), np.linspace(0.22, 0.38, 6))


def both_at_once(rng):
    """High training losses, and validation losses that are higher still."""
    for end, gap in [(0.7, 0.5), (0.65, 0.9)]:
        yield from histories(rng, falling(rng, end, 8), turning(rng, 0.6, end + gap, 8))


def ups_and_downs(rng):
    """Losses that were unusual for one epoch in the middle, and losses that are so in the last."""
    low, high, dip = (falling(rng, end, 9) for end in (0.8, 0.2, 0.4))
    low[4], high[4], dip[4] = 0.2, 0.9, 0.15
    yield from histories(rng, low, falling(rng, 0.9, 9))
    yield from histories(rng, falling(rng, 0.1, 9), high)
    yield from histories(rng, dip, falling(rng, 0.45, 9))
    late, jump = falling(rng, 0.45, 9), falling(rng, 0.2, 9)
    late[-1], jump[-1], high[-2] = 0.05, 0.6, 0.9
    yield from histories(rng, falling(rng, 0.1, 9), high)
    yield from histories(rng, late, falling(rng, 0.4, 9))
    yield from histories(rng, falling(rng, 0.1, 9), jump)


def exploded(rng):
    """Trainings that ended in NaN."""
    for places in ([-1], [-2, -1]):
        train, validation = falling(rng, 0.1, 7), falling(rng, 0.2, 7)
        train[places] = validation[places] = NAN
        yield from histories(rng, train, validation)


def with_more_in_it(rng):
    """Histories with rates and accuracies too."""
    for end in (0.1, 0.8):
        for case in histories(rng, falling(rng, end, 6), falling(rng, end + 0.1, 6)):
            yield Case(history={"lr": [0.1] * 6, **case.history, "accuracy": [0.5] * 6})


exercise = Exercise("training.fit_status")


@exercise.check(plain, weight=2, public=True, judge=exact)
def tells_clear_cases_apart(subject, case):
    """A training loss that stays high, a validation loss that rises, and neither of them."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(too_simple, weight=2, judge=exact)
def high_training_loss_is_underfitting(subject, case):
    """Where the training loss stays high, the model underfits."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(with_a_gap, weight=3, judge=exact)
def gap_is_overfitting(subject, case):
    """Where the validation loss stays far above the training loss, the model overfits."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(with_a_turn, weight=3, judge=exact)
def turn_is_overfitting(subject, case):
    """Where the validation loss has clearly risen from its lowest value, the model overfits."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(well_fitted, weight=2, public=True, judge=exact)
def small_gap_is_good(subject, case):
    """A low training loss with a validation loss close to it is a good fit."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(hardly_turned, judge=exact)
def slight_turn_is_good(subject, case):
    """A validation loss that has risen only a little is no reason to worry."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(both_at_once, judge=exact)
def underfitting_comes_first(subject, case):
    """Where the training loss stays high, nothing else matters."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(ups_and_downs, judge=exact)
def the_last_epoch_decides(subject, case):
    """One lucky or unlucky epoch in the middle does not change the answer."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(exploded, weight=0.5, judge=exact)
def nan_is_underfitting(subject, case):
    """A training that ended in NaN has learned nothing."""
    return {"status": subject.fit_status(case.history)}


@exercise.check(with_more_in_it, weight=0.5, judge=exact)
def other_curves_do_not_matter(subject, case):
    """A history may hold more than the two curves; it is left as it was."""
    return {"status": subject.fit_status(case.history), "history": case.history}


GAP = "gap <= 0.25 * loss[0]"
RISE = "rise <= 0.1 * loss[0]"

exercise.mutant(
    "names_swapped",
    old='return "underfitting"',
    new='return "overfitting"',
    hint="A model that cannot even learn its training data: is it too simple or too flexible?",
)
exercise.mutant(
    "never_underfitting",
    old='return "underfitting"',
    new="pass",
    hint="What do you look at first: does the model do well on the data that it was trained on?",
)
exercise.mutant(
    "absolute_limit",
    old="0.5 * loss[0]",
    new="0.5",
    hint="If all losses were measured in another unit, would your answer be the same?",
)
exercise.mutant(
    "validation_decides_underfitting",
    old="loss[-1] <= 0.5",
    new="validation[-1] <= 0.5",
    hint="On which data does a model that underfits do badly?",
)
exercise.mutant(
    "no_gap",
    old=f"{GAP} and {RISE}",
    new=RISE,
    hint="A validation loss that never rises but stays far above the training loss: is that a good fit?",
)
exercise.mutant(
    "no_turn",
    old=f"{GAP} and {RISE}",
    new=GAP,
    hint="A validation loss that was clearly lower some epochs ago: what has happened since?",
)
exercise.mutant(
    "both_signs_needed",
    old=f"{GAP} and {RISE}",
    new=f"{GAP} or {RISE}",
    hint="Does overfitting need both signs, or is one of them enough?",
)
exercise.mutant(
    "any_gap",
    old=GAP,
    new="gap <= 0",
    hint="Almost every model does a little better on its training data. How much is too much?",
)
exercise.mutant(
    "any_turn",
    old=RISE,
    new="rise <= 0",
    hint="Validation losses are noisy. How much of a rise is too much?",
)
exercise.mutant(
    "gap_of_either_sign",
    old="validation[-1] - loss[-1]",
    new="loss[-1] - validation[-1]",
    hint="Which of the two losses is larger when a model overfits?",
)
exercise.mutant(
    "rise_since_the_start",
    old="validation[-1] - min(validation)",
    new="validation[-1] - validation[0]",
    hint="From where does the validation loss rise: from its first value, or from its lowest?",
)
exercise.mutant(
    "rise_of_the_training_loss",
    old="validation[-1] - min(validation)",
    new="loss[-1] - min(loss)",
    hint="Which of the two curves turns when a model overfits?",
)
exercise.mutant(
    "best_training_loss",
    old="not loss[-1] <=",
    new="not min(loss) <=",
    hint="Is a model judged by its best epoch, or by what it is at the end?",
)
exercise.mutant(
    "highest_validation_loss",
    old="gap, rise = validation[-1]",
    new="gap, rise = max(validation[1:])",
    hint="Is a model judged by its worst epoch, or by what it is at the end?",
)
exercise.mutant(
    "overfitting_first",
    old='    if not loss[-1] <= 0.5 * loss[0]:\n        return "underfitting"\n',
    new="    if loss[-1] == loss[-1] and max(loss[-1], 0.5 * loss[0]) == loss[-1]:\n"
    '        return "overfitting" if validation[-1] - loss[-1] > 0.25 * loss[0] else "underfitting"\n'
    "    if loss[-1] != loss[-1]:\n"
    '        return "underfitting"\n',
    hint="Which question comes first: is there a gap, or has the model learned anything at all?",
)
exercise.mutant(
    "nan_slips_through",
    old="if not loss[-1] <= 0.5 * loss[0]:",
    new="if loss[-1] > 0.5 * loss[0]:",
    hint="Is NaN larger than anything? And smaller?",
)

exercise.alternative(
    "units_of_the_first_loss",
    """
    def fit_status(history):
        start = history["loss"][0]
        loss = np.array(history["loss"]) / start
        validation = np.array(history["validation_loss"]) / start
        if np.isnan(loss[-1]) or loss[-1] > 0.5:
            return "underfitting"
        if validation[-1] > loss[-1] + 0.25 or validation[-1] > validation.min() + 0.1:
            return "overfitting"
        return "good"
    """,
)
exercise.alternative(
    "shares",
    """
    def fit_status(history):
        first, *_, last = history["loss"]
        final = history["validation_loss"][-1]
        lowest = sorted(history["validation_loss"])[0]
        learned = (first - last) / first >= 0.5
        close = (final - last) / first <= 0.25
        steady = (final - lowest) / first <= 0.1
        names = {(True, True, True): "good"}
        return names.get((learned, close, steady), "overfitting" if learned else "underfitting")
    """,
)
exercise.alternative(
    "loop_over_epochs",
    """
    def fit_status(history):
        lowest = math.inf
        for loss, validation in zip(history["loss"], history["validation_loss"]):
            lowest = min(lowest, validation)
        limit = history["loss"][0]
        if loss <= limit / 2:
            bad = validation - loss > limit / 4 or 10 * (validation - lowest) > limit
            return "overfitting" if bad else "good"
        return "underfitting"
    """,
)


def valley(case):
    """Return a loss that falls up to a rate and then rises; above another rate it is chaos."""

    def loss_at(rate):
        place = math.log10(rate / case.best)
        if place > case.cliff:
            return case.beyond[round(1000 * place) % len(case.beyond)]
        return case.floor + place**2

    return loss_at


def drawn(rng, low, high, n, k, **options):
    """Draw a valley whose lowest loss is at rate `k` of `n`, or a little to one side of it."""
    share = (k + rng.uniform(-0.3, 0.3)) / (n - 1)
    case = {
        "low": low,
        "high": high,
        "n": n,
        "best": low * (high / low) ** share,
        "floor": float(rng.uniform(0.1, 1.0)),
        "cliff": 99.0,
        "beyond": [NAN],
    }
    return Case(**{**case, **options})


def ordinary(rng):
    """Valleys between the ends, with few rates and with many."""
    yield drawn(rng, 1e-4, 10.0, 6, 3)
    yield drawn(rng, 0.01, 5.0, 9, 4)
    yield drawn(rng, 1e-3, 1.0, 4, 1)


def uphill(rng):
    """A loss that rises from the first rate on, and one that falls to the last."""
    yield drawn(rng, 0.01, 1.0, 5, -1)
    yield drawn(rng, 0.01, 1.0, 5, 5)
    yield drawn(rng, 0.01, 1.0, 2, 1)


def chaotic(rng):
    """Beyond the valley lucky losses wait that are lower than anything before."""
    for n, k in [(9, 3), (12, 5)]:
        width = 3 / (n - 1)
        yield drawn(rng, 1e-3, 1.0, n, k, cliff=1.6 * width, beyond=[0.05, 9.0, 0.01, 0.08, 5.0])


def exploding(rng):
    """Beyond the valley, or halfway down, the loss is NaN or infinite."""
    for beyond in (NAN, math.inf):
        yield drawn(rng, 1e-3, 10.0, 9, 5, cliff=-0.3, beyond=[beyond])
        yield drawn(rng, 1e-3, 10.0, 9, 4, cliff=0.3, beyond=[beyond])


def listed(rng, losses):
    """Draw a unit for some losses, and the rates that they belong to."""
    unit, low = rng.uniform(0.5, 2.0), rng.uniform(0.01, 0.1)
    high = low * 10 ** rng.uniform(1.0, 2.0)
    return Case(losses=[unit * loss for loss in losses], low=low, high=high, n=len(losses))


def by_number(case, asked):
    """Return a loss that is listed for each rate, and keeps the rates asked for."""
    rates = np.geomspace(case.low, case.high, case.n)

    def loss_at(rate):
        asked.append(float(rate))
        return case.losses[int(np.argmin(np.abs(np.log(rates / rate))))]

    return loss_at


def broken(rng):
    """A training that gives NaN for some rates, and a good loss for larger ones."""
    yield listed(rng, [3.0, 2.0, NAN, 1.25, 1.0, 4.0])
    yield listed(rng, [NAN, 2.0, 1.5, 1.25, 1.0, 4.0])


def flat(rng):
    """Losses that stay the same for a while, from the start or halfway down."""
    for losses in ([2.0, 1.5, 1.5, 1.0, 3.0], [2.0, 2.0, 1.0, 3.0, 3.0], [1.0] * 5):
        yield listed(rng, losses)


def bumps(rng):
    """A loss that falls, rises and falls again."""
    yield listed(rng, [5.0, 4.0, 3.0, 3.5, 2.0, 1.0, 6.0])
    yield listed(rng, [5.0, 6.0, 3.0, 2.0, 2.5])


exercise = Exercise("training.learning_rate_range")


@exercise.check(ordinary, weight=3, public=True)
def finds_the_bottom_of_the_valley(subject, case):
    """Where the loss falls and then rises, it is the last rate before the rise."""
    rate = subject.learning_rate_range(valley(case), case.low, case.high, case.n)
    return {"rate": rate}


@exercise.check(uphill, weight=1.5, public=True)
def ends_may_be_the_answer(subject, case):
    """Where the loss never falls it is the smallest rate, where it never rises the largest."""
    rate = subject.learning_rate_range(valley(case), case.low, case.high, case.n)
    return {"rate": rate}


@exercise.check(bumps, weight=2)
def stops_at_the_first_rise(subject, case):
    """What comes after the first rise does not matter."""
    rate = subject.learning_rate_range(by_number(case, []), case.low, case.high, case.n)
    return {"rate": rate}


@exercise.check(chaotic, weight=2)
def is_not_misled_by_luck(subject, case):
    """A lucky loss at a rate that is far too large does not matter."""
    rate = subject.learning_rate_range(valley(case), case.low, case.high, case.n)
    return {"rate": rate}


@exercise.check(exploding, weight=1.5)
def explosions_are_no_fall(subject, case):
    """Where the loss becomes NaN or infinite, the rate before is the answer."""
    rate = subject.learning_rate_range(valley(case), case.low, case.high, case.n)
    return {"rate": rate}


@exercise.check(broken)
def nan_ends_the_search(subject, case):
    """After a NaN, also at the smallest rate, larger rates do not matter."""
    rate = subject.learning_rate_range(by_number(case, []), case.low, case.high, case.n)
    return {"rate": rate}


@exercise.check(flat)
def standing_still_is_no_fall(subject, case):
    """A loss that stays the same does not fall."""
    rate = subject.learning_rate_range(by_number(case, []), case.low, case.high, case.n)
    return {"rate": rate}


@exercise.check(bumps, weight=0.5)
def asks_no_more_than_it_must(subject, case):
    """Each rate is tried once, from the smallest up, and none beyond the first rise."""
    asked = []
    subject.learning_rate_range(by_number(case, asked), case.low, case.high, case.n)
    return {"rates": np.array(asked)}


FALLS = "if not loss < lowest:  # as high, higher or NaN"

exercise.mutant(
    "equal_steps",
    old="np.geomspace",
    new="np.linspace",
    hint="Between 0.001 and 1, are there as many rates below 0.03 as above?",
)
exercise.mutant(
    "one_too_far",
    old="            break",
    new="            return rate",
    hint="Do you return the last rate that was good, or the first that was not?",
)
exercise.mutant(
    "lowest_of_all",
    old="            break",
    new="            continue",
    hint="Beyond the first rise, is a low loss skill or luck?",
)
exercise.mutant(
    "last_fall_of_all",
    old="            break\n        best, lowest = rate, loss",
    new="            lowest = loss\n            continue\n        best, lowest = rate, loss",
    hint="The loss falls, rises and falls again. Which of the falls counts?",
)
exercise.mutant(
    "nan_is_a_fall",
    old=FALLS,
    new="if loss >= lowest:",
    hint="What does a comparison with NaN say, and on which side of the if do you land?",
)
exercise.mutant(
    "standstill_is_a_fall",
    old=FALLS,
    new="if not loss <= lowest:",
    hint="Does a loss fall that stays the same?",
)
exercise.mutant(
    "compares_with_the_start",
    old="best, lowest = rate, loss",
    new="best = rate",
    hint="With which loss is the next one compared: with the one before it, or with the first?",
)
exercise.mutant(
    "returns_the_loss",
    old="return best",
    new="return lowest",
    hint="Is the answer a loss or a rate?",
)
exercise.mutant(
    "smallest_not_tried",
    old="best, lowest = low, loss_at(low)",
    new="best, lowest = low, math.inf",
    hint="With what is the loss of the second rate compared?",
)
exercise.mutant(
    "largest_left_out",
    old="np.geomspace(low, high, n)[1:]",
    new="np.geomspace(low, high, n, endpoint=False)[1:]",
    hint="Is the largest rate one of those that you try?",
)
exercise.mutant(
    "one_rate_too_many",
    old="np.geomspace(low, high, n)",
    new="np.geomspace(low, high, n + 1)",
    hint="How many rates do you try, both ends included?",
)
exercise.mutant(
    "tries_all",
    old="best, lowest = low, loss_at(low)\n    for rate in np.geomspace(low, high, n)[1:].tolist():\n"
    "        loss = loss_at(rate)",
    new="rates = np.geomspace(low, high, n).tolist()\n"
    "    losses = [loss_at(rate) for rate in rates]\n"
    "    best, lowest = low, losses[0]\n"
    "    for rate, loss in zip(rates[1:], losses[1:]):",
    hint="Every rate costs a training. Do you need those beyond the first rise?",
)
exercise.mutant(
    "asks_twice",
    old="        loss = loss_at(rate)",
    new="        loss_at(rate)\n        loss = loss_at(rate)",
    hint="Every call costs a training. How many do you make for one rate?",
)
exercise.mutant(
    "tenth_of_the_rate",
    old="return best",
    new="return best / 10",
    hint="A smaller rate may be wiser, but which one is asked for?",
)

exercise.alternative(
    "powers_of_a_ratio",
    """
    def learning_rate_range(loss_at, low, high, n):
        ratio = (high / low) ** (1 / (n - 1))
        rate, loss = low, loss_at(low)
        for k in range(1, n):
            following = loss_at(low * ratio**k)
            if loss > following:
                rate, loss = low * ratio**k, following
            else:
                return rate
        return rate
    """,
)
exercise.alternative(
    "recursion",
    """
    def learning_rate_range(loss_at, low, high, n):
        rates = np.exp(np.linspace(np.log(low), np.log(high), n))

        def climb(k, loss):
            if k + 1 == n:
                return k
            following = loss_at(float(rates[k + 1]))
            return climb(k + 1, following) if following < loss else k

        return float(rates[climb(0, loss_at(float(rates[0])))])
    """,
)
exercise.alternative(
    "takewhile",
    """
    import itertools


    def learning_rate_range(loss_at, low, high, n):
        exponents = [k / (n - 1) for k in range(n)]
        rates = [low ** (1 - e) * high**e for e in exponents]
        pairs = itertools.pairwise((rate, loss_at(rate)) for rate in rates)
        good = itertools.takewhile(lambda pair: pair[1][1] < pair[0][1], pairs)
        return ([low] + [later[0] for _, later in good])[-1]
    """,
)
