"""Which sets a line can separate.

Every set is one thing or the other by a clear margin, so that any right method decides it: a line
that separates stays at least 1/4 from every point, and all points lie in the square from -2 to 2.
Novikoff's bound is less than 1300 mistakes then; the perceptron needs about 60 epochs at most.
"""

import numpy as np
from checks._gates import AND, CORNERS, OR, XOR, gate

from autograder.declare import Case, Exercise, exact


def turn(rng):
    """Draw a rotation of the plane."""
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def shuffled(rng, ones, zeros):
    """Mix the points of both classes."""
    x = np.concatenate([ones, zeros])
    order = rng.permutation(len(x))
    return Case(x=x[order], labels=(order < len(ones)).astype(np.int64))


def apart(rng, n, m):
    """Draw points on both sides of a line that misses the origin and, by 1/4, all the points."""
    points = rng.uniform(-2, 2, (400, 2))
    heights = points @ turn(rng)[0] - rng.choice([-1.0, 1.0]) * rng.uniform(0.3, 0.8)
    return shuffled(rng, points[heights > 0.25][:n], points[heights < -0.25][:m])


def surrounded(rng, n, m):
    """Draw points of which one lies well inside a triangle of the other class."""
    angles = 2 * np.pi / 3 * np.arange(3) + rng.uniform(-0.3, 0.3, 3) + rng.uniform(0, 6)
    middle = rng.uniform(-0.5, 0.5, (1, 2))
    corners = middle + 1.2 * np.column_stack([np.cos(angles), np.sin(angles)])
    ones = np.concatenate([middle, rng.uniform(-2, 2, (n - 1, 2))])
    zeros = np.concatenate([corners, rng.uniform(-2, 2, (m - 3, 2))])
    return shuffled(rng, ones, zeros) if rng.random() < 0.5 else shuffled(rng, zeros, ones)


def crossing(rng):
    """Draw two segments that cross; no point lies between points of the other class."""
    directions = turn(rng)
    lengths = rng.uniform(0.6, 1.3, (2, 2))
    middle = rng.uniform(-0.5, 0.5, 2)
    ones = middle + np.outer([lengths[0, 0], -lengths[0, 1]], directions[0])
    zeros = middle + np.outer([lengths[1, 0], -lengths[1, 1]], directions[1])
    return ones, zeros


def well_known(rng):
    """And, or, exclusive or."""
    for number in (AND, OR, XOR):
        order = rng.permutation(4)
        yield Case(x=CORNERS[order], labels=gate(number)[order])


def few_points(rng):
    """A few points of each kind."""
    yield apart(rng, 3, 4)
    yield surrounded(rng, 2, 4)


def many_points(rng):
    """More points, in sets of both kinds; the classes differ in size."""
    for n, m in [(5, 7), (9, 3), (1, 8)]:
        yield apart(rng, n, m)
        yield surrounded(rng, n, m)


def crossings(rng):
    """Four points: labelled so that their segments cross, then so that they do not."""
    for _ in range(2):
        ones, zeros = crossing(rng)
        yield shuffled(rng, ones, zeros)
        yield shuffled(rng, np.stack([ones[0], zeros[0]]), np.stack([ones[1], zeros[1]]))


def slanted(rng):
    """Two rows side by side whose means differ along them; then with a point beyond the other row."""
    along = np.array([-1.5, -1.35, -1.2, 1.4])
    rows = turn(rng)
    ones, zeros = (np.column_stack([s * along, np.full(4, s * 0.3)]) @ rows for s in (1, -1))
    yield shuffled(rng, ones, zeros)
    beyond = np.array([[1.0, -0.6]]) @ rows
    yield shuffled(rng, np.concatenate([ones, beyond]), zeros)


def lopsided(rng):
    """A class of which most points lie far from the boundary; then with one on the other side."""
    axes = turn(rng)
    near, far = np.array([-0.8, 0.2, 0.9]), np.array([-0.3, 0.1, 0.4])
    zeros = np.column_stack([near, np.full(3, -0.3)])
    ones = np.column_stack([[0.5, *far], [0.3, 1.7, 1.8, 1.9]])
    yield shuffled(rng, ones @ axes, zeros @ axes)
    beyond = np.array([[0.3, -0.6]])
    yield shuffled(rng, np.concatenate([ones, beyond]) @ axes, zeros @ axes)


def cornered(rng):
    """Points near a corner of the square, where a perceptron needs fifty epochs; then one more."""
    x = np.array([[1.8, 1.9], [1.8, 0.8], [1.1, 2.0]]) * rng.choice([-1.0, 1.0], 2)
    label = int(rng.integers(2))
    labels = np.array([label, 1 - label, 1 - label])
    order = rng.permutation(3)
    yield Case(x=x[order], labels=labels[order])
    beyond = np.sign(x[:1]) * 1.2
    yield Case(x=np.concatenate([x[order], beyond]), labels=np.append(labels[order], label))


def single_classes(rng):
    """Points whose labels are to be all alike, or as those of exclusive or."""
    yield Case(x=CORNERS + rng.integers(-1, 1, 2), labels=gate(XOR))
    ones, zeros = crossing(rng)
    yield shuffled(rng, ones, zeros)


def twins(rng):
    """Three points in a row, and the one in the middle again."""
    for side in (1.0, -1.0):
        places = np.column_stack([[0.0, -1.5, 1.5, 0.0], [0.0, *rng.uniform(-0.5, 0.5, 2), 0.0]])
        yield Case(x=side * places, labels=np.array([0, 0, 1]))


def touching(rng):
    """Points on one line, on which a point of one class lies between two of the other."""
    for direction in ([1.0, 0.0], [0.5, 0.75], [0.875, -0.5]):
        places = np.array([-1.5, -0.5, 0.5, 1.5])
        yield Case(x=np.outer(places, direction), sign=int(rng.integers(2)))


def whole(rng):
    """Unsigned bytes, whose differences would wrap around at 0."""
    for number in (AND, OR, XOR, 1, 9):
        order = rng.permutation(4)
        yield Case(x=2 * CORNERS[order].astype(np.uint8), labels=gate(number)[order])


def sixteen(rng):
    """The corners of a square, in some order, with the labels of all functions of two bits."""
    order = rng.permutation(4)
    yield Case(x=CORNERS[order], labels=np.array([gate(number)[order] for number in range(16)]))


def decided(subject, x, labels):
    """Return the decision about copies of the arguments."""
    return subject.is_linearly_separable(x.copy(), labels.copy())


exercise = Exercise("perceptrons.is_linearly_separable")


@exercise.check(well_known, weight=1.5, public=True, judge=exact)
def gates_are_decided(subject, case):
    """A line separates the labels of AND and of OR, and none separates those of XOR."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(few_points, weight=2, public=True, judge=exact)
def sets_are_decided(subject, case):
    """Points on two sides of a line are separable; with a point among the others they are not."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(many_points, weight=2, judge=exact)
def larger_sets_are_decided(subject, case):
    """It is right about larger sets too, wherever they lie and whatever the sizes of the classes."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(sixteen, judge=exact)
def every_function_of_two_bits(subject, case):
    """It is right about all the functions of two bits."""
    return {"separable": [decided(subject, case.x, labels) for labels in case.labels]}


@exercise.check(crossings, weight=1.5, judge=exact)
def classes_can_cross(subject, case):
    """Two classes can cross without a point of one among the points of the other."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(slanted, weight=1.5, judge=exact)
def any_direction_will_do(subject, case):
    """The line may run in any direction, also where the means of the classes suggest another."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(lopsided, judge=exact)
def far_points_do_not_matter(subject, case):
    """Points that are far on the right side do not turn the decision."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(cornered, judge=exact)
def hard_cases_are_decided(subject, case):
    """It is right where a perceptron needs patience, too."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(single_classes, judge=exact)
def single_class_is_separable(subject, case):
    """Points of one class only are separable, whichever class it is; the same points may not be."""
    all_alike = [decided(subject, case.x, np.full(4, label)) for label in (0, 1)]
    alone = decided(subject, case.x[:1], case.labels[:1])
    return {"one_class": all_alike, "one_point": alone, "two": decided(subject, **case)}


@exercise.check(twins, judge=exact)
def equal_points_need_equal_labels(subject, case):
    """A point that occurs twice may have one label, not two."""
    label = case.labels[0]
    same, other = (np.append(case.labels, each) for each in (label, 1 - label))
    return {
        "one_label": decided(subject, case.x, same),
        "two_labels": decided(subject, case.x, other),
    }


@exercise.check(touching, judge=exact)
def no_point_is_on_the_line(subject, case):
    """On one line, a point of one class between two of the other cannot be separated from them."""
    patterns = np.array([[0, 0, 1, 1], [0, 1, 1, 1], [0, 1, 0, 0], [1, 1, 0, 1]])
    return {"separable": [decided(subject, case.x, row ^ case.sign) for row in patterns]}


@exercise.check(whole, weight=0.5, judge=exact)
def integers_are_accepted(subject, case):
    """Points with whole coordinates are decided as well."""
    return {"separable": decided(subject, case.x, case.labels)}


@exercise.check(few_points, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Points and labels are left as they were."""
    subject.is_linearly_separable(case.x, case.labels)
    return {"x": case.x, "labels": case.labels}


ARROWS = "np.array([one - zero for one in ones for zero in zeros])"
TWINS = "if np.any(np.all(arrows == 0, axis=1)):\n        return False"
DECISION = "gaps.max() > np.pi + 1e-9"

exercise.mutant(
    "inverted",
    old=DECISION,
    new="gaps.max() <= np.pi + 1e-9",
    hint="Does True mean that a line separates the classes, or that none does?",
)
exercise.mutant(
    "few_epochs",
    old=f"bool({DECISION})",
    new="bool(perceptron_fit(x, labels, 1.0, 20)[2][-1] == 0)",
    hint="Could the perceptron have needed some more epochs?",
)
exercise.mutant(
    "never_a_mistake",
    old=f"bool({DECISION})",
    new="bool(perceptron_fit(x, labels, 1.0, 40)[2].sum() == 0)",
    hint="Must there be no mistake at all, or none at the end?",
)
exercise.mutant(
    "fewer_mistakes",
    old=f"bool({DECISION})",
    new="bool(perceptron_fit(x, labels, 1.0, 40)[2][-1] <= 2)",
    hint="Is it enough that most of the points are on their side?",
)
exercise.mutant(
    "most_are_right",
    old=f"bool({DECISION})",
    new="bool(np.mean(perceptron_predict(x, *perceptron_fit(x, labels, 1.0, 40)[:2]) == labels)"
    " >= 0.75)",
    hint="How many points may be on the wrong side of a line that separates?",
)
exercise.mutant(
    "through_the_origin",
    old=ARROWS,
    new="np.concatenate([ones, -zeros])",
    hint="Must the line pass through the origin?",
)
exercise.mutant(
    "one_feature",
    old=f"bool({DECISION})",
    new="bool(np.any(ones.min(axis=0) > zeros.max(axis=0))"
    " or np.any(ones.max(axis=0) < zeros.min(axis=0)))",
    hint="Must the line be parallel to one of the axes?",
)
exercise.mutant(
    "between_the_means",
    old=f"bool({DECISION})",
    new="bool(np.min(ones @ (u := ones.mean(axis=0) - zeros.mean(axis=0))) > np.max(zeros @ u))",
    hint="Is the line always at a right angle to the way from one mean to the other?",
)
exercise.mutant(
    "least_squares",
    old=f"bool({DECISION})",
    new="np.array_equal((extended := np.column_stack([x, np.ones(len(x))]))"
    " @ np.linalg.lstsq(extended, 2.0 * labels - 1, rcond=None)[0] >= 0, labels == 1)",
    hint="If one particular line does not separate the classes, does none?",
)
exercise.mutant(
    "points_inside_only",
    old=f"bool({DECISION})",
    new="all(\n"
    "        np.diff(np.sort(around), append=np.min(around) + 2 * np.pi).max() > np.pi + 1e-9\n"
    "        for around in [*(np.arctan2(*(p - zeros).T) for p in ones),"
    " *(np.arctan2(*(q - ones).T) for q in zeros)]\n"
    "    )",
    hint="Can two classes cross although no point lies between points of the other class?",
)
exercise.mutant(
    "no_turn_around",
    old=", append=angles[0] + 2 * np.pi",
    new=", append=angles[-1]",
    hint="What comes after the largest angle?",
)
exercise.mutant(
    "within_half_a_turn",
    old=DECISION,
    new="angles[-1] - angles[0] < np.pi - 1e-9",
    hint="How far apart are the angles of 179 and -179 degrees?",
)
exercise.mutant(
    "touching_allowed",
    old=DECISION,
    new="gaps.max() > np.pi - 1e-9",
    hint="May a point be on the line itself?",
)
exercise.mutant(
    "no_tolerance",
    old=" + 1e-9",
    new="",
    hint="Are the angles of two opposite arrows exactly half a turn apart, after rounding?",
)
exercise.mutant(
    "twins_ignored",
    old=TWINS,
    new="arrows = arrows[np.any(arrows != 0, axis=1)]\n"
    "    if len(arrows) == 0:\n        return True",
    hint="On which side of the line is a point that has both labels?",
)
exercise.mutant(
    "twins_always_false",
    old=TWINS,
    new="if len(np.unique(x, axis=0)) < len(x):\n        return False",
    hint="May the same point occur twice with the same label?",
)
exercise.mutant(
    "one_class_fails",
    old="return True",
    new="return False",
    hint="If all labels are equal, is there a line with all points on one side?",
)
exercise.mutant(
    "one_class_breaks",
    old="len(ones) == 0 or len(zeros) == 0",
    new="len(ones) == 0 and len(zeros) == 0",
    hint="What if there is no point with label 0, or none with label 1?",
)
exercise.mutant(
    "integers_wrap",
    old="x = as_float(x)",
    new="x = np.asarray(x)",
    hint="What is 0 - 2 for unsigned bytes?",
)
exercise.mutant(
    "in_place",
    old="x = as_float(x)",
    new="x = as_float(x)\n    x -= x.mean(axis=0)",
    hint="Whose points did you move?",
)

exercise.alternative(
    "perceptron",
    """
    def is_linearly_separable(x, labels):
        rows = np.column_stack([x, np.ones(len(x))]) * np.where(labels == 1, 1, -1)[:, None]
        theta = np.zeros(3)
        for _ in range(1300):
            heights = rows @ theta
            worst = heights.argmin()
            if heights[worst] > 0:
                return True
            theta += rows[worst]
        return False
    """,
)
exercise.alternative(
    "own_perceptron",
    """
    def is_linearly_separable(x, labels):
        return any(perceptron_fit(x, labels, 1.0, epochs)[2][-1] == 0 for epochs in (10, 100))
    """,
)
exercise.alternative(
    "nearest_point_to_the_origin",
    """
    def is_linearly_separable(x, labels):
        signs = 2.0 * np.asarray(labels, dtype=float) - 1
        rows = signs[:, None] * np.concatenate([np.asarray(x, dtype=float), np.ones((len(x), 1))], 1)
        w = rows.mean(axis=0)
        for _ in range(600):
            heights = rows @ w
            if heights.min() > 1e-12:
                return True
            v = rows[np.argmin(heights)] - w
            if np.max(np.abs(w)) < 1e-9:
                return False
            w = w + np.clip(-(w @ v) / (v @ v), 0, 1) * v
        return False
    """,
)
exercise.alternative(
    "every_direction",
    """
    def is_linearly_separable(x, labels):
        if len(set(labels.tolist())) == 1:
            return True
        for degree in range(360):
            angle = np.deg2rad(degree)
            heights = x @ np.array([np.cos(angle), np.sin(angle)])
            if heights[labels == 1].min() - heights[labels == 0].max() > 1e-9:
                return True
        return False
    """,
)
exercise.alternative(
    "hulls_that_meet",
    """
    def is_linearly_separable(x, labels):
        from itertools import combinations

        def cross(a, b, c):
            return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

        def inside(p, corners):
            if len(corners) == 1:
                return p == corners[0]
            if len(corners) == 2:
                a, b = corners
                between = (p[0] - a[0]) * (p[0] - b[0]) + (p[1] - a[1]) * (p[1] - b[1]) <= 0
                return abs(cross(a, b, p)) < 1e-12 and between
            a, b, c = corners
            turns = [cross(a, b, p), cross(b, c, p), cross(c, a, p)]
            return abs(cross(a, b, c)) > 1e-12 and (min(turns) >= 0 or max(turns) <= 0)

        def meet(a, b, c, d):
            return cross(a, b, c) * cross(a, b, d) < 0 and cross(c, d, a) * cross(c, d, b) < 0

        x = np.asarray(x, dtype=float)
        ones = [tuple(p) for p in x[labels == 1].tolist()]
        zeros = [tuple(p) for p in x[labels == 0].tolist()]
        for one, other in ((ones, zeros), (zeros, ones)):
            for size in (1, 2, 3):
                for corners in combinations(other, size):
                    if any(inside(p, corners) for p in one):
                        return False
        return not any(
            meet(*s, *t) for s in combinations(ones, 2) for t in combinations(zeros, 2)
        )
    """,
)
