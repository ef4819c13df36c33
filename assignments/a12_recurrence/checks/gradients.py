"""How far a gradient gets on its way back through time."""

import numpy as np

from autograder.declare import Case, Exercise, exact


def matrices(rng):
    """Matrices of different sizes, for different numbers of steps."""
    for size, steps in [(3, 5), (2, 4), (5, 6)]:
        yield Case(w_hh=0.8 * rng.standard_normal((size, size)), steps=steps)


def one_step(rng):
    """A single step."""
    yield Case(w_hh=rng.standard_normal((4, 4)), steps=1)


def lone_units(rng):
    """A single unit, whose weight is positive or negative."""
    yield Case(w_hh=rng.uniform(0.4, 0.8, (1, 1)), steps=4)
    yield Case(w_hh=-rng.uniform(1.2, 1.8, (1, 1)), steps=5)


def rotations(rng):
    """Matrices that turn a vector and keep its length."""
    for size in (2, 4):
        yield Case(w_hh=np.linalg.qr(rng.standard_normal((size, size)))[0], steps=5)


def sheared(rng):
    """Small eigenvalues, and a large weight that leads one way."""
    small = rng.uniform(0.4, 0.7, 2)
    yield Case(w_hh=np.array([[small[0], 2.0], [0.0, small[1]]]), steps=12)


def long_ways(rng):
    """Sixty steps, on which gradients vanish or explode."""
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    for factor in (0.7, 1.4):
        yield Case(w_hh=factor * turn @ np.diag([1.0, 0.9, 0.8]), steps=60)


def single_matrix(rng):
    """Numbers of float32."""
    yield Case(w_hh=rng.standard_normal((3, 3)).astype(np.float32), steps=4)


through_time = Exercise("recurrence.gradient_through_time")


@through_time.check(matrices, weight=0.5, public=True, judge=exact)
def one_norm_per_step(subject, case):
    """There is one norm for each number of steps."""
    return {"norms": 0.0 * subject.gradient_through_time(**case)}  # only the shape is left


@through_time.check(matrices, weight=3, public=True)
def norms_of_powers(subject, case):
    """The k-th entry is the most by which k steps can stretch a gradient."""
    return {"norms": subject.gradient_through_time(**case)}


@through_time.check(one_step)
def one_step_back(subject, case):
    """For a single step there is a single norm."""
    return {"norms": subject.gradient_through_time(**case)}


@through_time.check(lone_units)
def one_unit(subject, case):
    """A network may have a single unit, with a weight of either sign."""
    return {"norms": subject.gradient_through_time(**case)}


@through_time.check(rotations)
def rotations_keep_the_length(subject, case):
    """A matrix that only turns vectors stretches none."""
    return {"norms": subject.gradient_through_time(**case)}


@through_time.check(sheared)
def growth_before_decay(subject, case):
    """Gradients can grow at first although they vanish in the end."""
    return {"norms": subject.gradient_through_time(**case)}


@through_time.check(long_ways)
def long_ways_back(subject, case):
    """Sixty steps are possible, whether gradients vanish or explode."""
    return {"norms": subject.gradient_through_time(**case)}


@through_time.check(matrices, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The matrix is left as it was."""
    subject.gradient_through_time(**case)
    return {"w_hh": case.w_hh}


@through_time.check(single_matrix, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """A matrix of float32 has norms of float32."""
    return {"dtype": str(subject.gradient_through_time(**case).dtype)}


through_time.mutant(
    "power_of_the_norm",
    old="np.linalg.norm(power, 2)",
    new="np.linalg.norm(w_hh, 2) ** (len(norms) + 1)",
    hint="Is the direction that one step stretches most the one that the next step stretches most?",
)
through_time.mutant(
    "spectral_radius",
    old="np.linalg.norm(power, 2)",
    new="np.abs(np.linalg.eigvals(power)).max()",
    hint="Do eigenvalues tell what happens in the first few steps, or in the long run?",
)
through_time.mutant(
    "frobenius",
    old="np.linalg.norm(power, 2)",
    new="np.linalg.norm(power)",
    hint="Which norm does numpy take of a matrix when you do not say which? What is it for a rotation?",
)
through_time.mutant(
    "column_sums",
    old="np.linalg.norm(power, 2)",
    new="np.linalg.norm(power, 1)",
    hint="Which norm of a matrix belongs to the Euclidean length of vectors?",
)
through_time.mutant(
    "largest_entry",
    old="np.linalg.norm(power, 2)",
    new="np.abs(power).max()",
    hint="Can a matrix stretch a vector by more than its largest entry?",
)
through_time.mutant(
    "smallest_stretch",
    old="np.linalg.norm(power, 2)",
    new="np.linalg.norm(power, -2)",
    hint="Do you return the most by which a gradient can be stretched, or the least?",
)
through_time.mutant(
    "elementwise_power",
    old="np.linalg.norm(power, 2)",
    new="np.linalg.norm(w_hh ** (len(norms) + 1), 2)",
    hint="What is the second power of a matrix: the squares of its entries, or a product of matrices?",
)
through_time.mutant(
    "starts_at_the_identity",
    old="""power = power @ w_hh
        norms.append(np.linalg.norm(power, 2))""",
    new="""norms.append(np.linalg.norm(power, 2))
        power = power @ w_hh""",
    hint="How many steps does the first entry stand for?",
)
through_time.mutant(
    "same_matrix",
    old="power = power @ w_hh\n",
    new="power = w_hh\n",
    hint="How many factors does the product have after k steps?",
)
through_time.mutant(
    "last_only",
    old="np.array(norms)",
    new="np.array(norms[-1])",
    hint="For how many numbers of steps is a norm wanted?",
)
through_time.mutant(
    "start_included",
    old=", []",
    new=", [1.0]",
    hint="How many norms are there for k steps, and which is the first?",
)
through_time.mutant(
    "matrix_overwritten",
    old="""power, norms = np.eye(len(w_hh), dtype=w_hh.dtype), []
    for _ in range(steps):
        power = power @ w_hh
        norms.append(np.linalg.norm(power, 2))""",
    new="""power, factor, norms = w_hh, w_hh.copy(), []
    for _ in range(steps):
        norms.append(np.linalg.norm(power, 2))
        power[...] = power @ factor""",
    hint="Into whose array do you write the powers?",
)
through_time.mutant(
    "float64_always",
    old=", dtype=w_hh.dtype",
    new="",
    hint="Which dtype does an identity matrix have when you do not ask for one?",
)

through_time.alternative(
    "largest_singular_value",
    """
    def gradient_through_time(w_hh, steps):
        (w_hh,) = fitted("H H", w_hh)
        return np.array(
            [
                np.linalg.svd(np.linalg.matrix_power(w_hh, k), compute_uv=False)[0]
                for k in range(1, steps + 1)
            ]
        )
    """,
)
through_time.alternative(
    "eigenvalue_of_the_square",
    """
    def gradient_through_time(w_hh, steps):
        (w_hh,) = fitted("H H", w_hh)
        norms, jacobian = np.empty(steps, w_hh.dtype), w_hh.T
        for k in range(steps):
            norms[k] = np.sqrt(np.linalg.eigvalsh(jacobian.T @ jacobian)[-1])
            jacobian = w_hh.T @ jacobian
        return norms
    """,
)
through_time.alternative(
    "all_powers_at_once",
    """
    def gradient_through_time(w_hh, steps):
        (w_hh,) = fitted("H H", w_hh)
        powers = [w_hh]
        while len(powers) < steps:
            powers.append(w_hh @ powers[-1])
        return np.linalg.norm(np.stack(powers), ord=2, axis=(1, 2))
    """,
)
