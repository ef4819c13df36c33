"""Early stopping: a class, told one value after the other by the given function `replay`."""

from autograder.declare import Case, Exercise, exact

NAN = float("nan")


def told(subject, case, *, in_place=False, **options):
    """Return what a new stopper says after each value, and its best parameters at the end."""
    stopper = subject.EarlyStopping(case.patience, **options)
    params = {name: param.copy() for name, param in case.params.items()}
    return subject.replay(stopper, list(case.curve), params, in_place=in_place)


def path(rng, *moves, patience=2, **options):
    """Draw a curve: a move of 1 is a new best value, of -1 worse, of 0 one worse than the last.

    All values are sixteenths, so that differences are exact.
    """
    best = value = int(rng.integers(100, 200))
    values = []
    for move in moves:
        if move > 0:
            best = value = best - int(rng.integers(3, 9))
        else:
            value = (value if move == 0 else best) + int(rng.integers(1, 9))
        values.append(value / 16)
    return Case(curve=values, patience=patience, params=small(rng), **options)


def small(rng):
    """Draw the parameters of a layer."""
    return {"weights": rng.standard_normal((2, 3)), "bias": rng.standard_normal(3)}


def runs_out(rng):
    """A curve that falls and then rises, until the patience is at its end; and one epoch less."""
    yield path(rng, 1, 1, 1, -1, 0, patience=2)
    yield path(rng, 1, 1, -1, patience=1)
    yield path(rng, 1, -1, 0, 0, patience=4)


def recovers(rng):
    """Bad epochs with good ones between them, more in total than the patience."""
    yield path(rng, 1, -1, 1, -1, 0, 1, -1, -1, patience=3)
    yield path(rng, 1, 1, -1, 1, -1, 1, -1, -1, patience=2)


def zigzags(rng):
    """Values that are better than the one before, yet worse than the best."""
    case = path(rng, 1, 1, patience=3)
    low = case.curve[-1]
    yield Case(**{**case, "curve": [*case.curve, low + 1.0, low + 0.5, low + 0.25]})
    yield Case(**{**case, "curve": [*case.curve, low + 1.0, low + 0.5, low - 1, low + 2]})


def best_in_the_middle(rng):
    """The best epoch is the third, the first and the last."""
    yield path(rng, 1, 1, 1, -1, -1, patience=3)
    yield path(rng, 1, -1, 0, patience=3)
    yield path(rng, 1, -1, 0, 1, patience=3)


def accuracies(rng):
    """Accuracies that rise, then fall; the worst of them is the smallest."""
    for case in (path(rng, 1, 1, 1, -1, 0), path(rng, 1, -1, 1, 1, -1, -1)):
        yield Case(**{**case, "curve": [1.0 - value / 16 for value in case.curve]})


def creeping(rng):
    """Values that creep: each step is smaller than the least that counts, some together are not."""
    start = int(rng.integers(8, 16)) / 4
    for steps, patience in [((1, 3, 5, 6), 3), ((1, 2, 3, 6, 7, 8), 4), ((5, 4, 7, 4), 3)]:
        values = [start, *(start - step / 32 for step in steps)]
        yield Case(curve=values, patience=patience, min_delta=0.125, params=small(rng))


def creeping_up(rng):
    """Accuracies that creep upwards."""
    start = int(rng.integers(1, 8)) / 32
    values = [start, *(start + step / 32 for step in (1, 3, 5, 6, 8, 9))]
    yield Case(curve=values, patience=4, min_delta=0.125, params=small(rng))


def ties(rng):
    """The best value again, and a value that is better by exactly what it must be better by."""
    start = int(rng.integers(8, 16)) / 4
    yield Case(curve=[start, start, start], patience=2, min_delta=0.0, params=small(rng))
    yield Case(
        curve=[start, start - 1, start, start - 1, start - 1],
        patience=3,
        min_delta=0.0,
        params=small(rng),
    )
    yield Case(
        curve=[start, start - 0.25, start + 1], patience=2, min_delta=0.25, params=small(rng)
    )


def undefined(rng):
    """NaN in the middle, at the start, at the end, and nothing else."""
    low = int(rng.integers(8, 16)) / 4
    for values, patience in [
        ([low, NAN, low - 1, NAN, low - 0.5, NAN], 3),
        ([NAN, low, low - 1, low, NAN], 2),
        ([NAN, NAN, low, low - 1], 4),
        ([NAN, NAN], 2),
    ]:
        yield Case(curve=values, patience=patience, params=small(rng))


def beyond_the_end(rng):
    """A curve that goes on after the stopper has said stop."""
    yield path(rng, 1, -1, 0, 0, 0, 1, -1, -1, patience=2)


def pairs(rng):
    """Two curves at the same time."""
    yield Case(
        curve=[path(rng, 1, -1, 1, -1, -1).curve, path(rng, 1, 1, -1, -1, 1).curve],
        params=small(rng),
    )


exercise = Exercise("training.EarlyStopping")


@exercise.check(runs_out, weight=3, public=True, judge=exact)
def stops_when_patience_runs_out(subject, case):
    """It says stop when so many values in a row were no improvement, and not before."""
    answers, _best = told(subject, case)
    return {"answers": answers}


@exercise.check(recovers, weight=2, public=True, judge=exact)
def an_improvement_renews_the_patience(subject, case):
    """After an improvement it waits as long as at the start."""
    answers, _best = told(subject, case)
    return {"answers": answers}


@exercise.check(zigzags, weight=2, judge=exact)
def values_are_compared_with_the_best(subject, case):
    """A value that is only better than the one before is no improvement."""
    answers, _best = told(subject, case)
    return {"answers": answers}


@exercise.check(best_in_the_middle, weight=3, public=True, judge=exact)
def best_parameters_are_kept(subject, case):
    """The best parameters are those of the best epoch, all of them, wherever that epoch was."""
    _answers, best = told(subject, case)
    return {"best": best}


@exercise.check(best_in_the_middle, weight=3, judge=exact)
def best_parameters_do_not_change_later(subject, case):
    """Training that goes on in the same arrays does not change the best parameters."""
    _answers, best = told(subject, case, in_place=True)
    return {"best": best}


@exercise.check(accuracies, weight=3, judge=exact)
def accuracies_improve_upwards(subject, case):
    """In mode 'max' a larger value is an improvement."""
    answers, best = told(subject, case, mode="max")
    return {"answers": answers, "best": best}


@exercise.check(creeping, weight=2, judge=exact)
def small_improvements_do_not_count(subject, case):
    """What is better than the best value by less than min_delta changes nothing."""
    answers, best = told(subject, case, min_delta=case.min_delta)
    return {"answers": answers, "best": best}


@exercise.check(creeping_up, judge=exact)
def small_improvements_do_not_count_upwards(subject, case):
    """The same holds in mode 'max'."""
    answers, best = told(subject, case, min_delta=case.min_delta, mode="max")
    return {"answers": answers, "best": best}


@exercise.check(ties, judge=exact)
def ties_are_no_improvement(subject, case):
    """A value must be better by more than min_delta: exactly as much is no improvement."""
    answers, best = told(subject, case, min_delta=case.min_delta)
    return {"answers": answers, "best": best}


@exercise.check(undefined, judge=exact)
def nan_is_no_improvement(subject, case):
    """NaN is never an improvement, and no number is compared with it later."""
    answers, best = told(subject, case)
    return {"answers": answers, "best": best}


@exercise.check(beyond_the_end, weight=0.5, judge=exact)
def goes_on_after_it_said_stop(subject, case):
    """Told further values, it says stop until one of them is an improvement."""
    answers, best = told(subject, case)
    return {"answers": answers, "best": best}


@exercise.check(pairs, weight=0.5, judge=exact)
def every_stopper_counts_for_itself(subject, case):
    """Two stoppers at the same time do not know of each other."""
    stoppers = [subject.EarlyStopping(2), subject.EarlyStopping(2)]
    answers = [
        [stopper.update(value, case.params) for stopper, value in zip(stoppers, pair, strict=True)]
        for pair in zip(*case.curve, strict=True)
    ]
    return {"answers": answers, "params": case.params}


RECORD = "self._record, self._waited = cost, 0"
COPY = "{name: param.copy() for name, param in params.items()}"

exercise.mutant(
    "one_epoch_late",
    old="self._waited >= self._patience",
    new="self._waited > self._patience",
    hint="After how many bad epochs in a row does yours say stop, if the patience is 1?",
)
exercise.mutant(
    "one_epoch_early",
    old="self._waited >= self._patience",
    new="self._waited >= self._patience - 1",
    hint="With a patience of 2, how many bad epochs are allowed before the stop?",
)
exercise.mutant(
    "says_stop_once",
    old="self._waited >= self._patience",
    new="self._waited == self._patience",
    hint="If training goes on after the stop and gets no better, what should the next answer be?",
)
exercise.mutant(
    "patience_is_not_renewed",
    old=RECORD,
    new="self._record = cost",
    hint="What should happen to the count of bad epochs when a good one comes?",
)
exercise.mutant(
    "compares_with_the_value_before",
    old="        return self._waited",
    new="        self._record = cost\n        return self._waited",
    hint="With what do you compare a value: with the one before, or with the best so far?",
)
exercise.mutant(
    "keeps_the_last",
    old="            self._waited += 1",
    new=f"            self._waited += 1\n            self.best = {COPY}",
    hint="Of which epoch are the parameters that you keep: the best one, or the last?",
)
exercise.mutant(
    "keeps_no_copy",
    old=COPY,
    new="params",
    hint="If training goes on in the same arrays, what is in your best parameters at the end?",
)
exercise.mutant(
    "copies_the_dictionary_only",
    old=COPY,
    new="dict(params)",
    hint="A new dictionary was made, but who else still holds the arrays in it?",
)
exercise.mutant(
    "always_downwards",
    old='value if self._mode == "min" else -value',
    new="value",
    hint="Is an accuracy better when it is smaller?",
)
exercise.mutant(
    "any_improvement_counts",
    old="self._record - self._min_delta",
    new="self._record",
    hint="By how much must a value be better to count?",
)
exercise.mutant(
    "min_delta_on_the_wrong_side",
    old="self._record - self._min_delta",
    new="self._record + self._min_delta",
    hint="Does min_delta make it harder or easier to be an improvement?",
)
exercise.mutant(
    "record_creeps_along",
    old="            self._waited += 1",
    new="            self._waited += 1\n            self._record = min(self._record, cost)",
    hint="If ten small improvements add up to a large one, does yours notice?",
)
exercise.mutant(
    "best_creeps_along",
    old="            self._waited += 1",
    new="            self._waited += 1\n            if cost < getattr(self, '_least', self._record):\n"
    f"                self._least, self.best = cost, {COPY}",
    hint="An improvement too small to count: does it change the best parameters?",
)
exercise.mutant(
    "relative_min_delta",
    old="self._record - self._min_delta",
    new="self._record - self._min_delta * abs(self._record if self._record < math.inf else 0)",
    hint="Is min_delta a difference of two values, or a part of the best one?",
)
exercise.mutant(
    "ties_count",
    old="cost < self._record",
    new="cost <= self._record",
    hint="Is the same value again an improvement?",
)
exercise.mutant(
    "nan_is_a_record",
    old="cost < self._record - self._min_delta",
    new="not cost >= self._record - self._min_delta",
    hint="What does a comparison with NaN say, and what becomes of the values after it?",
)
exercise.mutant(
    "nan_stops_at_once",
    old="return self._waited >= self._patience",
    new="return self._waited >= self._patience or value != value",
    hint="How many bad epochs is one NaN?",
)
exercise.mutant(
    "nan_is_skipped",
    old="self._waited += 1",
    new="self._waited += value == value",
    hint="Does an epoch whose value is NaN count as one without improvement?",
)
exercise.mutant(
    "record_of_zero",
    old="self._record = math.inf",
    new="self._record = 0.0",
    hint="What is the first value compared with?",
)
exercise.mutant(
    "says_nothing_before",
    old="return self._waited >= self._patience",
    new="return True if self._waited >= self._patience else None",
    hint="What comes back while training should go on?",
)

exercise.alternative(
    "remembers_everything",
    """
    class EarlyStopping:
        def __init__(self, patience, min_delta=0.0, mode="min"):
            self.patience, self.min_delta, self.mode = patience, min_delta, mode
            self.values, self.best, self.last = [], None, None

        def update(self, value, params):
            if not np.isnan(value):
                sign = 1 if self.mode == "max" else -1
                if self.last is None or sign * (value - self.values[self.last]) > self.min_delta:
                    self.last = len(self.values)
                    self.best = {}
                    for name in params:
                        self.best[name] = np.array(params[name])
            self.values.append(value)
            since = -1 if self.last is None else self.last
            return bool(len(self.values) - 1 - since >= self.patience)
    """,
)
exercise.alternative(
    "two_branches",
    """
    class EarlyStopping:
        def __init__(self, patience, min_delta=0.0, mode="min"):
            self.patience = patience
            self.min_delta = min_delta
            self.mode = mode
            self.best_value = None
            self.best = None
            self.left = patience

        def is_better(self, value):
            if value != value:
                return False
            if self.best_value is None:
                return True
            if self.mode == "min":
                return self.best_value - value > self.min_delta
            return value - self.best_value > self.min_delta

        def update(self, value, params):
            if self.is_better(value):
                self.best_value = value
                self.best = {key: np.copy(array) for key, array in params.items()}
                self.left = self.patience
                return False
            self.left -= 1
            return self.left <= 0
    """,
)
exercise.alternative(
    "a_closure_inside",
    """
    import copy


    class EarlyStopping:
        best = None

        def __init__(self, patience, min_delta=0.0, mode="min"):
            self._better = np.less if mode == "min" else np.greater
            self._shift = -min_delta if mode == "min" else min_delta
            self._target = np.inf if mode == "min" else -np.inf
            self._bad = [False] * patience

        def update(self, value, params):
            good = bool(self._better(value, self._target + self._shift))
            if good:
                self.best, self._target = copy.deepcopy(params), value
            self._bad = [*self._bad[1:], not good]
            return all(self._bad)
    """,
)
