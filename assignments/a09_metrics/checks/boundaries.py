"""The grid behind a picture of a decision boundary. The classifiers are drawn with the cases."""

import numpy as np

from autograder.declare import Case, Exercise, exact


def nearest(case):
    """Return a classifier: the label of the nearest centre, for points in rows of two numbers."""
    centres, names = np.array(case.centres), np.array(case.names)

    def predict(points):
        points = np.asarray(points)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"expected points of shape (M, 2), not {points.shape}")
        distances = np.linalg.norm(points[:, np.newaxis] - centres, axis=2)
        return names[distances.argmin(axis=1)]

    return predict


def grid(subject, case):
    """Return what the subject says about a case."""
    return subject.decision_grid(nearest(case), case.xlim, case.ylim, case.n)


def plane(rng, n, names=(0, 1, 2)):
    """Draw limits that differ in place and length, and centres well inside them."""
    left, bottom = rng.uniform(-3.0, -1.0), rng.uniform(0.5, 2.0)
    width, height = rng.uniform(4.0, 6.0), rng.uniform(1.5, 2.5)
    places = rng.permuted(np.linspace(0.15, 0.85, len(names)) * np.ones((2, 1)), axis=1)
    places += rng.uniform(-0.05, 0.05, places.shape)
    return Case(
        centres=(np.array([left, bottom]) + places.T * [width, height]).tolist(),
        names=list(names),
        xlim=(left, left + width),
        ylim=(bottom, bottom + height),
        n=n,
    )


def squares(rng):
    """As many points along both axes."""
    for n in (4, 5, 2):
        yield plane(rng, n)


def more_squares(rng):
    """As many points along both axes; two classes, four."""
    yield plane(rng, 7)
    yield plane(rng, 6, (0, 1))
    yield plane(rng, 8, (0, 1, 2, 3))


def oblongs(rng):
    """More points along x than along y, then fewer."""
    for n in ((6, 3), (2, 5), (4, 4)):
        yield plane(rng, n)


def other_names(rng):
    """Labels that are not 0, 1, 2."""
    yield plane(rng, 6, (7, 3, 40))
    yield plane(rng, 5, (-1, 1))


decision_grid = Exercise("boundaries.decision_grid")


@decision_grid.check(squares, weight=2, public=True)
def points_span_the_limits(subject, case):
    """Along each axis n points go from the first limit to the last, at equal distances."""
    x, y, _labels = grid(subject, case)
    return {"x_sorted": np.sort(x.ravel()), "y_sorted": np.sort(y.ravel())}


@decision_grid.check(squares, weight=2, public=True)
def rows_follow_y(subject, case):
    """All points of a row have the same y, those of row 0 the first limit; x grows along a row."""
    x, y, _labels = grid(subject, case)
    return {"x": x, "y": y}


@decision_grid.check(squares, weight=3, public=True)
def labels_are_those_of_their_points(subject, case):
    """Every label is what the classifier says about the point in the same place of the grid."""
    x, y, labels = grid(subject, case)
    own = nearest(case)(np.column_stack([x.ravel(), y.ravel()]))
    return {"shape": labels.shape, "mistakes": int(np.sum(labels.ravel() != own))}


@decision_grid.check(more_squares, weight=2)
def labels_stand_in_rows_of_one_y(subject, case):
    """The labels stand in the same order as the points: a row has one y."""
    _x, _y, labels = grid(subject, case)
    return {"labels": labels.astype(int)}  # whole numbers may be floats here


@decision_grid.check(oblongs, weight=1.5)
def columns_and_rows_may_differ(subject, case):
    """A pair of numbers says how many points lie along x, and how many along y."""
    x, y, labels = grid(subject, case)
    return {"x": x, "y": y, "labels": labels.astype(int)}


@decision_grid.check(other_names, weight=0.5, judge=exact)
def labels_are_handed_on(subject, case):
    """Labels are the integers that the classifier returned."""
    _x, _y, labels = grid(subject, case)
    return {"integers": labels.dtype.kind in "iu", "found": np.unique(labels.astype(int))}


AXES = "np.linspace(*xlim, columns), np.linspace(*ylim, rows)"
POINTS = "np.column_stack([x.ravel(), y.ravel()])"

decision_grid.mutant(
    "rows_follow_x",
    old=f"np.meshgrid({AXES})",
    new=f'np.meshgrid({AXES}, indexing="ij")',
    hint="What stays the same along a row of your grid: x or y?",
)
decision_grid.mutant(
    "labels_transposed",
    old="reshape(x.shape)",
    new="reshape(x.shape[::-1]).T",
    hint="In which order do the points go into the classifier, and in which do their labels come out?",
)
decision_grid.mutant(
    "coordinates_swapped",
    old="[x.ravel(), y.ravel()]",
    new="[y.ravel(), x.ravel()]",
    hint="Which column does the classifier take for x?",
)
decision_grid.mutant(
    "points_scrambled",
    old=POINTS,
    new="np.array([x, y]).reshape(-1, 2)",
    hint="Look at one row of what the classifier gets: are these the x and the y of one point?",
)
decision_grid.mutant(
    "one_pair_of_limits",
    old="*ylim",
    new="*xlim",
    hint="Do both axes have the same limits?",
)
decision_grid.mutant(
    "limits_swapped",
    old=AXES,
    new="np.linspace(*ylim, columns), np.linspace(*xlim, rows)",
    hint="Which limits belong to which axis?",
)
decision_grid.mutant(
    "last_point_missing",
    old=AXES,
    new="np.linspace(*xlim, columns, endpoint=False), np.linspace(*ylim, rows, endpoint=False)",
    hint="Is the last limit a point of your grid?",
)
decision_grid.mutant(
    "centres_of_cells",
    old=AXES,
    new="(np.linspace(low, high, 2 * count + 1)[1::2] for (low, high), count in "
    "((xlim, columns), (ylim, rows)))",
    hint="Do your points lie between the limits, or do the outer ones lie on them?",
)
decision_grid.mutant(
    "one_point_more",
    old=AXES,
    new="np.linspace(*xlim, columns + 1), np.linspace(*ylim, rows + 1)",
    hint="Is n the number of points along an axis, or that of the steps between them?",
)
decision_grid.mutant(
    "top_row_first",
    old="np.linspace(*ylim, rows)",
    new="np.linspace(*ylim[::-1], rows)",
    hint="At which end of y does row 0 lie?",
)
decision_grid.mutant(
    "labels_in_a_line",
    old=".reshape(x.shape)",
    new="",
    hint="Which shape does the classifier return, and which shape does the grid have?",
)
decision_grid.mutant(
    "axes_in_place_of_grids",
    old="return x, y,",
    new="return x[0], y[:, 0],",
    hint="How many coordinates does a grid of n by n points have?",
)
decision_grid.mutant(
    "rows_before_columns",
    old="columns, rows =",
    new="rows, columns =",
    hint="Which number of the pair belongs to x?",
)
decision_grid.mutant(
    "one_number_for_both",
    old="columns, rows = n if isinstance(n, tuple) else (n, n)",
    new="columns = rows = n[0] if isinstance(n, tuple) else n",
    hint="What does your code do with the second number of a pair?",
)
decision_grid.mutant(
    "floats",
    old=".reshape(x.shape)",
    new=".reshape(x.shape).astype(float)",
    hint="Which dtype do labels have, and which does an array of zeros have?",
)
decision_grid.alternative(
    "point_by_point",
    """
    def decision_grid(predict, xlim, ylim, n):
        columns, rows = (n, n) if np.ndim(n) == 0 else n
        x, y = np.empty((rows, columns)), np.empty((rows, columns))
        labels = np.empty((rows, columns), dtype=int)
        for i in range(rows):
            for j in range(columns):
                x[i, j] = xlim[0] + j / (columns - 1) * (xlim[1] - xlim[0])
                y[i, j] = ylim[0] + i / (rows - 1) * (ylim[1] - ylim[0])
                labels[i, j] = predict(np.array([[x[i, j], y[i, j]]]))[0]
        return x, y, labels
    """,
)
decision_grid.alternative(
    "mgrid",
    """
    def decision_grid(predict, xlim, ylim, n):
        columns, rows = np.broadcast_to(n, 2).tolist()
        y, x = np.mgrid[ylim[0] : ylim[1] : rows * 1j, xlim[0] : xlim[1] : columns * 1j]
        points = np.stack([x, y], axis=-1)
        return x, y, np.reshape(predict(points.reshape(-1, 2)), (rows, columns))
    """,
)
decision_grid.alternative(
    "columns_first",
    """
    def decision_grid(predict, xlim, ylim, n):
        try:
            columns, rows = n
        except TypeError:
            columns = rows = n
        x, y = np.meshgrid(np.linspace(*xlim, columns), np.linspace(*ylim, rows), indexing="ij")
        labels = predict(np.transpose([x.flatten(), y.flatten()]))
        return x.T, y.T, labels.reshape(columns, rows).T
    """,
)
decision_grid.alternative(
    "row_by_row",
    """
    def decision_grid(predict, xlim, ylim, n):
        columns, rows = n if isinstance(n, (tuple, list)) else (n, n)
        across, up = np.linspace(xlim[0], xlim[1], columns), np.linspace(ylim[0], ylim[1], rows)
        x, y = np.tile(across, (rows, 1)), np.repeat(up, columns).reshape(rows, columns)
        labels = [predict(np.array([(a, height) for a in across])) for height in up]
        return x, y, np.array(labels)
    """,
)
