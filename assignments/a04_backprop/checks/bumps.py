"""Bumps of sigmoids, and functions approximated by their sums."""

import numpy as np

from autograder.declare import Case, Exercise, curve, exact, raises


def bumps(rng):
    """Soft bumps of either sign, not around 0, seen from some way to the left to some way to the right."""
    for height in (2.5, -1.5):
        left = rng.uniform(0.5, 1.0)
        right, sharpness = left + rng.uniform(1.5, 2.5), rng.uniform(2.0, 4.0)
        x = np.linspace(left - 2, right + 2, 11)
        yield Case(x=x, left=left, right=right, height=height, sharpness=sharpness)


def more_bumps(rng):
    """Edges on both sides of 0, a narrow bump, one that is nearly flat, and tables of places."""
    for left, right, sharpness in [(-1.0, 0.7, 5.0), (0.3, 0.4, 8.0), (-2.0, 1.5, 0.3)]:
        x = rng.uniform(left - 1, right + 1, (3, 4))
        height = float(rng.uniform(0.5, 3.0))
        yield Case(x=x, left=left, right=right, height=height, sharpness=sharpness)
    yield Case(x=np.array(0.25), left=0.0, right=1.0, height=-2.0, sharpness=6.0)


def sharp_bumps(rng):
    """Edges so sharp that the sigmoids are 0 or 1, seen at and beside the edges."""
    for sharpness in (1e4, 1e6):
        left, right = 0.25, 0.75
        x = np.array([-5.0, 0.0, left - 0.1, left + 0.1, 0.5, right - 0.1, right + 0.1, 8.0])
        height = float(rng.uniform(1.0, 3.0))
        yield Case(x=x, left=left, right=right, height=height, sharpness=sharpness)


def whole_bumps(rng):
    """Unsigned bytes, which have no negative, and whole edges."""
    x = np.array([0, 1, 2, 3, 5, 6, 7, 9], dtype=np.uint8)
    yield Case(x=x, left=2, right=6, height=3, sharpness=2)
    yield Case(
        x=x.astype(np.int64) - 3, left=-1, right=4, height=int(rng.integers(2, 6)), sharpness=1
    )


def short_bumps(rng):
    """Places in float32."""
    x = rng.uniform(-1, 2, (2, 3)).astype(np.float32)
    yield Case(x=x, left=0.0, right=1.0, height=2.0, sharpness=5.0)


def wave(t):
    """Return a function with hills and valleys; its slope is 7.5 at most."""
    return np.sin(6.0 * t) + 1.5 * t


STEEPEST = 7.5  # of the wave


def rising(t):
    """Return a function that differs from piece to piece."""
    return 2.0 + 3.0 * t - t**3


def sharp_sums(rng):
    """A few pieces with sharp edges, and two places within each."""
    for n in (1, 4, 7):
        within = rng.uniform([0.15, 0.55], [0.45, 0.85], (n, 2))
        yield Case(x=((np.arange(n)[:, np.newaxis] + within) / n).ravel(), n=n, sharpness=2e3)


def soft_sums(rng):
    """Edges as wide as a piece, seen in the middle of the interval."""
    for n, sharpness in [(16, 80.0), (25, 70.0)]:
        yield Case(x=np.sort(rng.uniform(0.45, 0.55, 9)), n=n, sharpness=sharpness)


def growing_sums(rng):
    """More and more pieces, with edges that are sharp beside them."""
    yield Case(pieces=[5, 10, 20, 40], grid=np.linspace(0, 1, 241) + 1e-9 * rng.random(241))


def ends(rng):
    """Both ends of the interval, and places close to them."""
    for n in (3, 6):
        near = rng.uniform(0.001, 0.01)
        yield Case(x=np.array([0.0, near, 1.0 - near, 1.0]), n=n, sharpness=2e3)


def counted_sums(rng):
    """Some pieces, used twice."""
    for n in (4, 9):
        yield Case(x=rng.uniform(0.1, 0.9, 5), n=n, sharpness=100.0)


def tables(rng):
    """Places in a table, and a single place."""
    yield Case(x=rng.uniform(0.4, 0.6, (2, 3)), n=8, sharpness=90.0)
    yield Case(x=np.array(0.52), n=8, sharpness=90.0)


def short_sums(rng):
    """Places in float32."""
    yield Case(x=rng.uniform(0, 1, 4).astype(np.float32), n=3, sharpness=30.0)


def without_pieces(rng):
    """No pieces, then fewer."""
    for n in (0, -1):
        yield Case(n=n, sharpness=float(rng.uniform(5, 15)))


bump = Exercise("networks.bump")


@bump.check(bumps, weight=3, public=True, picture=curve("x"))
def two_sigmoids_make_a_bump(subject, case):
    """The bump rises at its left edge, falls at its right edge, and has its height in between."""
    return {"b": subject.bump(**case)}


@bump.check(more_bumps, weight=2)
def any_edges_any_shape(subject, case):
    """The edges may lie anywhere, be soft or close together; the places may come in any shape."""
    return {"b": subject.bump(**case)}


@bump.check(sharp_bumps, public=True, picture=curve("x"))
def sharp_edges_make_a_box(subject, case):
    """With very sharp edges the bump has its height inside and is 0 outside."""
    return {"b": subject.bump(**case)}


@bump.check(whole_bumps, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"b": subject.bump(**case)}


@bump.check(short_bumps, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """float32 in, float32 out."""
    return {"dtype": str(subject.bump(**case).dtype)}


@bump.check(bumps, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The places are left as they were."""
    subject.bump(**case)
    return {"x": case.x}


BUMP = "height * (sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right)))"

bump.mutant(
    "sum_of_sigmoids",
    old="sharpness * (x - left)) - sigmoid(",
    new="sharpness * (x - left)) + sigmoid(",
    hint="What should happen at the right edge: up once more, or down again?",
)
bump.mutant(
    "edges_swapped",
    old=BUMP,
    new="height * (sigmoid(sharpness * (x - right)) - sigmoid(sharpness * (x - left)))",
    hint="Which of the two sigmoids rises first?",
)
bump.mutant(
    "product_of_sigmoids",
    old=BUMP,
    new="height * (sigmoid(sharpness * (x - left)) * sigmoid(sharpness * (right - x)))",
    hint="Can the output layer of a network multiply two hidden units?",
)
bump.mutant(
    "unbracketed_edges",
    old=BUMP,
    new="height * (sigmoid(sharpness * x - left) - sigmoid(sharpness * x - right))",
    hint="Where is the argument of each sigmoid 0: at the edge?",
)
bump.mutant(
    "width_for_sharpness",
    old=BUMP,
    new="height * (sigmoid((x - left) / sharpness) - sigmoid((x - right) / sharpness))",
    hint="Do your edges become steeper or softer when the sharpness grows?",
)
bump.mutant(
    "height_of_one_edge",
    old=BUMP,
    new="height * sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right))",
    hint="How far up does the left edge lead, and how far down the right one?",
)
bump.mutant(
    "no_height",
    old=BUMP,
    new="sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right))",
    hint="How high is your bump?",
)
bump.mutant(
    "box",
    old=BUMP,
    new="height * ((x > left) & (x < right)).astype(x.dtype)",
    hint="How does the bump get from 0 to its height: at once?",
)
bump.mutant(
    "overflows",
    old=BUMP,
    new="height * (\n"
    "        np.exp(sharpness * (x - left)) / (1 + np.exp(sharpness * (x - left)))\n"
    "        - np.exp(sharpness * (x - right)) / (1 + np.exp(sharpness * (x - right)))\n"
    "    )",
    hint="What is infinity divided by infinity, and which given function avoids it?",
)
bump.mutant(
    "integers_wrap",
    old="x = as_float(x)",
    new="pass",
    hint="What is 1 - 2 in unsigned bytes?",
)

bump.mutant(
    "stretched_in_place",
    old=f"return {BUMP}",
    new="x *= sharpness\n"
    "    return height * (sigmoid(x - sharpness * left) - sigmoid(x - sharpness * right))",
    hint="Whose array does an operator like *= change?",
)
bump.mutant(
    "always_float64",
    old="x = as_float(x)",
    new="x = np.asarray(x, dtype=np.float64)",
    hint="What is the dtype of the result when all that comes in is float32?",
)

bump.alternative(
    "hyperbolic",
    """
    def bump(x, left, right, height, sharpness):
        half = np.multiply(as_float(x), 0.5 * sharpness)
        up, down = np.tanh(half - 0.5 * sharpness * left), np.tanh(half - 0.5 * sharpness * right)
        return 0.5 * height * (up - down)
    """,
)
bump.alternative(
    "two_layers",
    """
    def bump(x, left, right, height, sharpness):
        x = as_float(x)
        params = [
            (np.array([[sharpness, sharpness]], x.dtype), np.array([-sharpness * left, -sharpness * right], x.dtype)),
            (np.array([[height], [-height]], x.dtype), np.zeros(1, x.dtype)),
        ]
        return mlp_forward(x.reshape(-1, 1), params, "sigmoid")[0].reshape(x.shape)
    """,
)
bump.alternative(
    "place_by_place",
    """
    def bump(x, left, right, height, sharpness):
        import math

        def step(z):
            return 1 / (1 + math.exp(-z)) if z > -700 else 0.0

        x = as_float(x)
        y = np.empty_like(x)
        for index in np.ndindex(x.shape):
            at = float(x[index])
            y[index] = height * (step(sharpness * (at - left)) - step(sharpness * (at - right)))
        return y
    """,
)

approximate = Exercise("networks.approximate")


@approximate.check(sharp_sums, weight=2, public=True)
def each_piece_has_the_height_of_its_middle(subject, case):
    """Within a piece, away from its edges, the sum has the value of the function at the middle."""
    return {"y": subject.approximate(rising, case.n, case.sharpness)(case.x)}


@approximate.check(growing_sums, weight=3, public=True, judge=exact)
def error_falls_with_the_number_of_pieces(subject, case):
    """From end to end the error is at most three quarters of the steepest slope over n."""
    worst = [
        float(np.max(np.abs(subject.approximate(wave, n, 30.0 * n)(case.grid) - wave(case.grid))))
        for n in case.pieces
    ]
    within = [
        bool(error <= 0.75 * STEEPEST / n) for error, n in zip(worst, case.pieces, strict=True)
    ]
    return {"within": within, "falls": bool(worst[-1] < 0.3 * worst[0])}


@approximate.check(ends)
def ends_are_as_good_as_the_middle(subject, case):
    """At 0 and at 1 the sum has the heights of the first and of the last piece, not half of them."""
    return {"y": subject.approximate(rising, case.n, case.sharpness)(case.x)}


@approximate.check(soft_sums, weight=1.5)
def soft_edges_blend(subject, case):
    """Edges as wide as a piece blend the heights of neighbours."""
    return {"y": subject.approximate(rising, case.n, case.sharpness)(case.x)}


@approximate.check(counted_sums, judge=exact)
def function_is_asked_beforehand(subject, case):
    """The function is asked at the middles, and never when the sum is used."""
    asked = []

    def counted(t):
        asked.append(np.size(t))
        return rising(t)

    network = subject.approximate(counted, case.n, case.sharpness)
    before = sum(asked)
    network(case.x)
    network(case.x)
    return {"few": before <= 2 * case.n, "later": sum(asked) - before}


@approximate.check(tables, weight=0.5)
def places_in_any_shape(subject, case):
    """The sum takes places in any shape."""
    return {"y": subject.approximate(rising, case.n, case.sharpness)(case.x)}


@approximate.check(short_sums, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """float32 in, float32 out."""
    network = subject.approximate(rising, case.n, case.sharpness)
    return {"dtype": str(network(case.x).dtype)}


@approximate.check(without_pieces, weight=0.5, judge=raises(ValueError))
def no_pieces_are_refused(subject, case):
    """Fewer than one piece raises ValueError."""
    return {"made": callable(subject.approximate(rising, case.n, case.sharpness))}


EDGES = "edges = [-np.inf, *(k / n for k in range(1, n)), np.inf]"
MIDDLES = "f((np.arange(n) + 0.5) / n)"

approximate.mutant(
    "height_of_the_left_edge",
    old=MIDDLES,
    new="f(np.arange(n) / n)",
    hint="Where in its piece do you ask the function: at the edge, or in the middle?",
)
approximate.mutant(
    "height_of_the_right_edge",
    old=MIDDLES,
    new="f((np.arange(n) + 1) / n)",
    hint="Where in its piece do you ask the function: at the edge, or in the middle?",
)
approximate.mutant(
    "heights_from_end_to_end",
    old=MIDDLES,
    new="f(np.linspace(0, 1, n))",
    hint="How far apart are the middles of n equal pieces?",
)
approximate.mutant(
    "half_at_the_ends",
    old=EDGES,
    new="edges = np.linspace(0, 1, n + 1).tolist()",
    hint="How high is a bump exactly at its edge, and who makes up for the rest at 0 and at 1?",
)
approximate.mutant(
    "one_piece_more",
    old=EDGES,
    new="edges = [-np.inf, *(k / (n + 1) for k in range(1, n)), np.inf]",
    hint="How wide is each of n equal pieces?",
)
approximate.mutant(
    "last_piece_missing",
    old="zip(edges[:-1], edges[1:], heights, strict=True)",
    new="zip(edges[:-2], edges[1:-1], heights[:-1], strict=True)",
    hint="How many pieces does your loop visit?",
)
approximate.mutant(
    "steps_for_bumps",
    old="bump(x, left, right, height, sharpness)",
    new="bump(x, left, np.inf, height, sharpness)",
    hint="Where does each bump end?",
)
approximate.mutant(
    "only_the_last_bump",
    old="np.sum(bumps, axis=0)",
    new="bumps[-1]",
    hint="What becomes of the bumps before the last one?",
)
approximate.mutant(
    "mean_of_bumps",
    old="np.sum(bumps, axis=0)",
    new="np.mean(bumps, axis=0)",
    hint="How many bumps are high at one place, and does the mean know?",
)
approximate.mutant(
    "asks_again",
    old="return total",
    new="return total + 0 * f(x)",
    hint="When may the function be asked: before the sum is used, or every time?",
)
approximate.mutant(
    "function_itself",
    old="return network",
    new="return f",
    hint="Do you return a sum of bumps, or the function that it should approximate?",
)
approximate.mutant(
    "straight_lines",
    old="return network",
    new="middles = (np.arange(n) + 0.5) / n\n    return lambda x: np.interp(x, middles, heights)",
    hint="Is that a sum of bumps? What does the sharpness do in it?",
)
approximate.mutant(
    "own_sharpness",
    old="height, sharpness)",
    new="height, 1e4)",
    hint="What does the sharpness do in your sum?",
)
approximate.mutant(
    "last_edges_for_all",
    old="    def network(x: FloatArray) -> FloatArray:",
    new="    parts = []\n"
    "    for left, right, height in zip(edges[:-1], edges[1:], heights, strict=True):\n"
    "        parts.append(lambda x: bump(x, left, right, height, sharpness))\n"
    "    return lambda x: sum(part(x) for part in parts)\n\n"
    "    def network(x: FloatArray) -> FloatArray:",
    hint="When does a function that is made in a loop look up the loop's variables?",
)
approximate.mutant(
    "any_number",
    old="if n < 1:",
    new="if n < -9:",
    hint="What is a sum of no bumps?",
)

approximate.alternative(
    "steps_between_heights",
    """
    def approximate(f, n, sharpness):
        if n < 1:
            raise ValueError("n is at least 1")
        heights = [float(f((2 * k + 1) / (2 * n))) for k in range(n)]

        def staircase(x):
            y = heights[0] + 0.0 * as_float(x)
            for k in range(1, n):
                y = y + (heights[k] - heights[k - 1]) * sigmoid(sharpness * (x - k / n))
            return y

        return staircase
    """,
)
approximate.alternative(
    "one_piece_further",
    """
    def approximate(f, n, sharpness):
        if not n >= 1:
            raise ValueError(n)
        width = 1 / n
        pieces = []
        for k in range(n):
            left = k * width if k > 0 else -1.0
            right = (k + 1) * width if k < n - 1 else 2.0
            pieces.append((left, right, float(f(np.array([(k + 0.5) * width]))[0])))

        def network(x):
            return sum(bump(x, *piece, sharpness) for piece in pieces)

        return network
    """,
)
approximate.alternative(
    "hidden_layer",
    """
    def approximate(f, n, sharpness):
        if n < 1:
            raise ValueError("no pieces")
        heights = np.array([f(middle) for middle in (np.arange(n) + 0.5) / n])
        weights, edges = np.diff(heights), np.arange(1, n) / n

        def network(x):
            x = as_float(x)
            hidden = sigmoid(sharpness * (x[..., np.newaxis] - edges.astype(x.dtype)))
            return (hidden @ weights + heights[0]).astype(x.dtype)

        return network
    """,
)
approximate.alternative(
    "an_object_that_can_be_called",
    """
    class Staircase:
        def __init__(self, heights, sharpness):
            self.heights, self.sharpness = heights, sharpness

        def __call__(self, x):
            n, total = len(self.heights), np.zeros_like(as_float(x))
            for k, height in enumerate(self.heights):
                left, right = (k / n if k else -9.0), ((k + 1) / n if k + 1 < n else 9.0)
                total += bump(x, left, right, height, self.sharpness)
            return total


    def approximate(f, n, sharpness):
        if n < 1:
            raise ValueError
        return Staircase(np.asarray(f(np.linspace(0.5 / n, 1 - 0.5 / n, n))).tolist(), sharpness)
    """,
)
