"""Schedules along half a cosine, with a warm-up and without."""

from checks._rates import followed

from autograder.declare import Case, Exercise, curve


def bounds(rng):
    """Draw a largest and a smallest rate."""
    return {"lr_max": 0.01 * int(rng.integers(50, 99)), "lr_min": 0.01 * int(rng.integers(5, 25))}


def ends(rng):
    """The first epoch and the last."""
    for total in (8, 5):
        yield Case(epochs=[0, total], total=total, **bounds(rng))


def on_the_way(rng):
    """All epochs, for an even and an odd number of them."""
    for total in (6, 9):
        yield Case(epochs=list(range(total + 1)), total=total, **bounds(rng))


def down_to_nothing(rng):
    """A smallest rate of 0."""
    yield Case(epochs=[0, 1, 5, 9], total=10, **{**bounds(rng), "lr_min": 0.0})


def beyond(rng):
    """Epochs after the last: one more, up to twice as many and further."""
    total = int(rng.integers(6, 10))
    yield Case(epochs=[total + 1, total + 4, 2 * total, 5 * total + 1], total=total, **bounds(rng))


def shortest(rng):
    """A single epoch from the largest to the smallest."""
    yield Case(epochs=[0, 1, 2], total=1, **bounds(rng))


exercise = Exercise("schedules.cosine_annealing")


@exercise.check(ends, weight=2, public=True)
def goes_from_largest_to_smallest(subject, case):
    """Epoch 0 has the largest rate and epoch T the smallest."""
    return {"rates": followed(subject.cosine_annealing, case)}


@exercise.check(on_the_way, weight=3, public=True, picture=curve("epochs"))
def follows_half_a_cosine(subject, case):
    """In between the rate falls slowly, then fast, then slowly."""
    return {"rates": followed(subject.cosine_annealing, case)}


@exercise.check(down_to_nothing)
def may_fall_to_zero(subject, case):
    """The smallest rate may be 0."""
    return {"rates": followed(subject.cosine_annealing, case)}


@exercise.check(beyond, weight=2)
def stays_at_the_smallest(subject, case):
    """After epoch T the rate stays at its smallest."""
    return {"rates": followed(subject.cosine_annealing, case)}


@exercise.check(shortest, weight=0.5)
def one_epoch_is_enough(subject, case):
    """With T = 1 the second epoch has the smallest rate."""
    return {"rates": followed(subject.cosine_annealing, case)}


exercise.mutant(
    "range_not_scaled",
    old="(lr_max - lr_min)",
    new="lr_max",
    hint="By how much should the rate fall in total, and by how much does yours?",
)
exercise.mutant(
    "a_whole_wave",
    old="math.pi * progress",
    new="2 * math.pi * progress",
    hint="How many times does your cosine turn between the first epoch and the last?",
)
exercise.mutant(
    "no_pi",
    old="math.pi * progress",
    new="progress",
    hint="At which angle is a cosine -1, and does yours get there?",
)
exercise.mutant(
    "rises_again",
    old="min(epoch / total, 1.0)",
    new="epoch / total",
    hint="What does a cosine do beyond half a turn?",
)
exercise.mutant(
    "falls_off_after_the_end",
    old="min(epoch / total, 1.0)",
    new="epoch / total if epoch <= total else 0.0",
    hint="Which rate do the epochs after the last one have?",
)
exercise.mutant(
    "forgets_the_half",
    old="(1 + math.cos(math.pi * progress)) / 2",
    new="(1 + math.cos(math.pi * progress))",
    hint="How large is 1 + cos(0)?",
)
exercise.mutant(
    "forgets_the_one",
    old="(1 + math.cos(math.pi * progress)) / 2",
    new="math.cos(math.pi * progress)",
    hint="A cosine becomes negative. Does your rate fall below the smallest?",
)
exercise.mutant(
    "upside_down",
    old="1 + math.cos",
    new="1 - math.cos",
    hint="Which rate does epoch 0 have?",
)
exercise.mutant(
    "starts_from_zero",
    old="lr_min + (lr_max - lr_min)",
    new="(lr_max - lr_min)",
    hint="Which rate is left at the end?",
)
exercise.mutant(
    "a_line",
    old="(1 + math.cos(math.pi * progress)) / 2",
    new="(1 - progress)",
    hint="Is the rate a line between its ends? Where is it steepest?",
)
exercise.mutant(
    "quarter_of_a_wave",
    old="(1 + math.cos(math.pi * progress)) / 2",
    new="math.cos(math.pi / 2 * progress)",
    hint="Does the rate approach the smallest one gently, as it leaves the largest one?",
)
exercise.mutant(
    "counts_to_the_last_index",
    old="epoch / total",
    new="epoch / max(total - 1, 1)",
    hint="In which epoch does your rate reach the smallest?",
)
exercise.mutant(
    "counts_from_one",
    old="epoch / total",
    new="(epoch + 1) / total",
    hint="Which number does the first epoch have?",
)

exercise.alternative(
    "square_of_a_cosine",
    """
    def cosine_annealing(lr_max, lr_min, epoch, total):
        if epoch >= total:
            return lr_min
        weight = np.cos(0.5 * np.pi * epoch / total) ** 2
        return weight * lr_max + (1 - weight) * lr_min


    import numpy as np
    """,
)
exercise.alternative(
    "middle_and_amplitude",
    """
    def cosine_annealing(lr_max, lr_min, epoch, total):
        middle, amplitude = (lr_max + lr_min) / 2, (lr_max - lr_min) / 2
        return middle + amplitude * math.cos(math.pi * min(epoch, total) / total)
    """,
)
exercise.alternative(
    "falls_by_a_sine",
    """
    import cmath


    def cosine_annealing(lr_max, lr_min, epoch, total):
        turn = cmath.exp(1j * cmath.pi * max(0, min(1, epoch / total)))
        return lr_max - (lr_max - lr_min) * (1 - turn.real) / 2
    """,
)


def rises(rng):
    """The epochs of a warm-up and the first one after it."""
    for warmup, total in [(3, 9), (4, 7)]:
        yield Case(epochs=list(range(warmup + 1)), warmup=warmup, total=total, **bounds(rng))


def whole(rng):
    """All epochs, from the first to the last."""
    for warmup, total in [(2, 8), (5, 9)]:
        yield Case(epochs=list(range(total + 1)), warmup=warmup, total=total, **bounds(rng))


def very_first(rng):
    """Epoch 0 of a short warm-up and of a long one."""
    for warmup in (1, 10):
        yield Case(epochs=[0], warmup=warmup, total=20, **bounds(rng))


def falls(rng):
    """The epochs after the warm-up."""
    warmup, total = int(rng.integers(3, 6)), int(rng.integers(10, 14))
    yield Case(epochs=list(range(warmup, total + 1)), warmup=warmup, total=total, **bounds(rng))


def no_warmup(rng):
    """A warm-up of no epochs."""
    yield Case(epochs=[0, 1, 3, 6], warmup=0, total=6, **bounds(rng))


def after_all(rng):
    """Epochs after the last."""
    yield Case(epochs=[8, 9, 12, 40], warmup=2, total=8, **bounds(rng))


exercise = Exercise("schedules.warmup_cosine")


@exercise.check(rises, weight=2, public=True, picture=curve("epochs"))
def rises_along_a_line(subject, case):
    """During the warm-up the rate grows by equal steps, and the epoch after it has the largest."""
    return {"rates": followed(subject.warmup_cosine, case)}


@exercise.check(whole, weight=3, public=True, picture=curve("epochs"))
def rises_and_falls(subject, case):
    """From the first epoch to the last the rate follows the line and then half a cosine."""
    return {"rates": followed(subject.warmup_cosine, case)}


@exercise.check(very_first)
def no_epoch_is_wasted(subject, case):
    """The first epoch has a rate that is not 0: one part of the way to the largest."""
    return {"rates": followed(subject.warmup_cosine, case)}


@exercise.check(falls, weight=2)
def the_cosine_begins_after_the_warmup(subject, case):
    """The cosine is at its beginning when the warm-up ends, and at its end in epoch T."""
    return {"rates": followed(subject.warmup_cosine, case)}


@exercise.check(no_warmup)
def warmup_may_be_left_out(subject, case):
    """With a warm-up of 0 epochs the first epoch has the largest rate."""
    return {"rates": followed(subject.warmup_cosine, case)}


@exercise.check(after_all)
def stays_at_the_smallest(subject, case):
    """After epoch T the rate stays at its smallest."""
    return {"rates": followed(subject.warmup_cosine, case)}


LINE = "lr_max * (epoch + 1) / (warmup + 1)"
REST = "cosine_annealing(lr_max, lr_min, epoch - warmup, total - warmup)"

exercise.mutant(
    "first_epoch_is_wasted",
    old=LINE,
    new="lr_max * epoch / warmup",
    hint="How much does the network learn in an epoch whose rate is 0?",
)
exercise.mutant(
    "largest_too_early",
    old=LINE,
    new="lr_max * (epoch + 1) / warmup",
    hint="In which epoch does the line reach the largest rate?",
)
exercise.mutant(
    "cosine_not_reset",
    old=REST,
    new="cosine_annealing(lr_max, lr_min, epoch, total)",
    hint="Where on the cosine are you in the first epoch after the warm-up?",
)
exercise.mutant(
    "end_is_late",
    old="total - warmup",
    new="total",
    hint="How many epochs does the cosine have, if T counts those of the warm-up too?",
)
exercise.mutant(
    "rises_from_the_smallest",
    old=LINE,
    new="lr_min + (lr_max - lr_min) * (epoch + 1) / (warmup + 1)",
    hint="Where does the line begin: at the smallest rate, or at 0?",
)
exercise.mutant(
    "no_line",
    old=LINE,
    new="lr_max",
    hint="Do the first epochs have a smaller rate?",
)
exercise.mutant(
    "constant_warmup",
    old=LINE,
    new="lr_max / (warmup + 1)",
    hint="Does the rate grow from one epoch of the warm-up to the next?",
)
exercise.mutant(
    "rises_along_a_cosine",
    old=LINE,
    new="lr_max * (1 - math.cos(math.pi * (epoch + 1) / (warmup + 1))) / 2",
    hint="Is the warm-up a line or a cosine?",
)
exercise.mutant(
    "no_cosine",
    old=REST,
    new="lr_max - (lr_max - lr_min) * min((epoch - warmup) / (total - warmup), 1.0)",
    hint="Is the way down a line or half a cosine?",
)
exercise.mutant(
    "falls_to_zero",
    old=REST,
    new="cosine_annealing(lr_max, 0.0, epoch - warmup, total - warmup)",
    hint="Which rate is left at the end?",
)

exercise.alternative(
    "written_out",
    """
    def warmup_cosine(lr_max, lr_min, epoch, warmup, total):
        if epoch >= total:
            return lr_min
        if epoch >= warmup:
            angle = math.pi * (epoch - warmup) / (total - warmup)
            return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(angle))
        return lr_max / (warmup + 1) * (1 + epoch)
    """,
)
exercise.alternative(
    "smaller_of_two",
    """
    import numpy as np


    def warmup_cosine(lr_max, lr_min, epoch, warmup, total):
        line = lr_max * (epoch + 1) / (warmup + 1)
        later = np.clip((epoch - warmup) / (total - warmup), 0, 1)
        return min(line, lr_min + (lr_max - lr_min) * np.cos(np.pi / 2 * later) ** 2)
    """,
)
exercise.alternative(
    "table_of_rates",
    """
    import numpy as np


    def warmup_cosine(lr_max, lr_min, epoch, warmup, total):
        up = np.linspace(0, lr_max, warmup + 2)[1:-1]
        turns = np.linspace(0, np.pi, total - warmup + 1)
        down = lr_min + (lr_max - lr_min) * (np.cos(turns) + 1) / 2
        rates = np.concatenate([up, down])
        return float(rates[min(epoch, total)])
    """,
)
