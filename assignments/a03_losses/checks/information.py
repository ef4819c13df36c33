"""Information: entropy, relative entropy, cross-entropy in bits and mutual information."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def table(rng, shape):
    """Probabilities, none of them near 0, all of them different."""
    size = int(np.prod(shape))
    weights = rng.dirichlet(np.full(size, 2.0)) + np.arange(1, size + 1) / size**2
    return rng.permutation(weights / weights.sum()).reshape(shape)


def with_zeros(rng, size, zeros):
    """Probabilities of which some are 0."""
    return rng.permutation(np.concatenate([table(rng, (size - zeros,)), np.zeros(zeros)]))


def distributions(rng):
    """Two events, three, five; then a joint table."""
    for shape in [(2,), (3,), (5,), (2, 3)]:
        yield Case(p=table(rng, shape))


def bases(rng):
    """Nats, decimal digits and base 3."""
    for base in (float(np.e), 10.0, 3.0):
        yield Case(p=table(rng, (4,)), base=base)


def impossible_events(rng):
    """Some events have probability 0."""
    for size, zeros in [(3, 1), (6, 3)]:
        yield Case(p=with_zeros(rng, size, zeros))


def extremes(rng):
    """One certain event, then events that are all equally probable."""
    for size in (2, 5):
        yield Case(p=rng.permutation(np.eye(size)[0]))
        yield Case(p=np.full(size, 1 / size))


def no_distributions(rng):
    """A sum below 1, a sum above 1, percentages, a negative entry."""
    p = table(rng, (4,))
    for wrong in (0.9 * p, 1.2 * p, 100 * p, np.array([0.75, 0.5, -0.25])):
        yield Case(p=wrong)


def two(rng, shape):
    """Two distributions over the same events: the more probable one is in p, the less it is in q."""
    p = np.sort(table(rng, (int(np.prod(shape)),)))
    q = table(rng, p.shape)
    order = rng.permutation(p.size)
    return {"p": p[order].reshape(shape), "q": np.sort(q)[::-1][order].reshape(shape)}


def couples(rng):
    """Two events, three, five; then joint tables."""
    for shape in [(3,), (2,), (5,), (2, 3)]:
        yield Case(**two(rng, shape))


def couples_and_bases(rng):
    """Nats, decimal digits and base 3."""
    for base in (float(np.e), 10.0, 3.0):
        yield Case(**two(rng, (4,)), base=base)


def zeros_in_p(rng):
    """Events that never happen, which q thinks possible, and one that q excludes as well."""
    yield Case(p=np.append(table(rng, (3,)), 0.0), q=table(rng, (4,)))
    yield Case(
        p=np.concatenate([[0.0], table(rng, (3,)), [0.0]]), q=np.append(0.0, table(rng, (4,)))
    )


def zeros_in_q(rng):
    """An event that q excludes does happen."""
    yield Case(p=table(rng, (3,)), q=np.append(table(rng, (2,)), 0.0))
    yield Case(p=table(rng, (5,)), q=with_zeros(rng, 5, 2))


def twins(rng):
    """Both distributions are the same."""
    for size in (3, 5):
        p = table(rng, (size,))
        yield Case(p=p, q=p.copy())


def unequal_couples(rng):
    """Shapes that numpy would stretch to a common one."""
    yield Case(p=table(rng, (2,)), q=np.array([1.0]))
    yield Case(p=table(rng, (3,)), q=table(rng, (3, 1)))


def no_couples(rng):
    """Either of the two does not sum to 1, or has a negative entry."""
    p, negative = table(rng, (3,)), np.array([0.75, 0.5, -0.25])
    for wrong in (0.9 * p, 100 * p, negative):
        yield Case(p=wrong, q=table(rng, (3,)))
        yield Case(p=table(rng, (3,)), q=wrong)


def linked(rng, shape):
    """A joint table of two variables that tell much about each other, and differ in entropy."""
    rows, columns = shape
    joint = table(rng, shape)
    joint[np.arange(rows), np.arange(rows) % columns] += 0.2
    joint[-1] += 1.0 / columns
    joint[-1, -1] += 0.5
    return joint / joint.sum()


def joints(rng):
    """More rows than columns, fewer, as many."""
    for shape in [(2, 3), (4, 2), (3, 3)]:
        yield Case(joint=linked(rng, shape))


def joints_and_bases(rng):
    """Nats, decimal digits and base 3."""
    for base in (float(np.e), 10.0, 3.0):
        yield Case(joint=linked(rng, (2, 4)), base=base)


def joints_with_zeros(rng):
    """Pairs of values that never occur together, then a value that never occurs."""
    joint = linked(rng, (3, 2))
    joint[0, 1] = 0.0
    yield Case(joint=joint / joint.sum())
    joint = linked(rng, (2, 4))
    joint[:, 1] = 0.0
    yield Case(joint=joint / joint.sum())


def independent(rng):
    """Tables of products of probabilities."""
    for rows, columns in [(2, 3), (4, 2)]:
        yield Case(joint=np.outer(table(rng, (rows,)), table(rng, (columns,))))


def no_joints(rng):
    """A sum below 1, counts in place of probabilities, a negative entry."""
    yield Case(joint=0.9 * table(rng, (2, 3)))
    yield Case(joint=rng.integers(1, 9, (2, 3)) * 1.0)
    yield Case(joint=np.array([[0.75, 0.5], [0.0, -0.25]]))


entropy = Exercise("information.entropy")


@entropy.check(distributions, weight=3, public=True)
def entropy_is_the_mean_surprise(subject, case):
    """The entropy is the mean surprise in bits, over all entries of the table."""
    return {"entropy": subject.entropy(**case)}


@entropy.check(bases, weight=2, public=True)
def base_is_an_argument(subject, case):
    """The logarithm has the base that is given."""
    return {"entropy": subject.entropy(**case)}


@entropy.check(impossible_events, weight=2)
def impossible_events_add_nothing(subject, case):
    """An event of probability 0 adds nothing."""
    return {"entropy": subject.entropy(**case)}


@entropy.check(extremes)
def certainty_has_none_and_equality_most(subject, case):
    """A certain event has entropy 0, and n equally probable ones have log n."""
    return {"entropy": subject.entropy(**case)}


@entropy.check(no_distributions, judge=raises(ValueError))
def other_tables_are_refused(subject, case):
    """A table that is no distribution raises ValueError."""
    return {"entropy": subject.entropy(**case)}


@entropy.check(impossible_events, weight=0.5, judge=exact)
def argument_stays(subject, case):
    """The argument is left as it was."""
    subject.entropy(**case)
    return {"p": case.p}


SURPRISE = "(positive * np.log(positive)).sum()"

entropy.mutant(
    "no_minus",
    old="0 - (positive",
    new="(positive",
    hint="Which sign has the logarithm of a probability, and which sign a surprise?",
)
entropy.mutant(
    "zero_times_infinity",
    old="p[p > 0]",
    new="p.ravel()",
    hint="What is 0 times log(0) in floating point, and what is its limit?",
)
entropy.mutant(
    "nats",
    old=" / np.log(base)",
    new="",
    hint="In which unit is your result: bits or nats?",
)
entropy.mutant(
    "bits_always",
    old="np.log(base)",
    new="np.log(2)",
    hint="What does your code do with its second argument?",
)
entropy.mutant(
    "base_is_the_number_of_events",
    old="np.log(base)",
    new="np.log(p.size)",
    hint="Does the unit of information depend on how many events there are?",
)
entropy.mutant(
    "base_multiplies",
    old="/ np.log(base)",
    new="* np.log(base)",
    hint="How does a logarithm change its base: by a factor or by its reciprocal?",
)
entropy.mutant(
    "nothing_if_any_zero",
    old="positive = p[p > 0]",
    new="positive = p[p > 0] if p.all() else np.ones(1)",
    hint="One event is impossible: does that make the others certain?",
)
entropy.mutant(
    "not_weighted",
    old="(positive * np.log(positive))",
    new="np.log(positive)",
    hint="How often does a surprise occur? What weighs each term of a mean?",
)
entropy.mutant(
    "divided_by_events",
    old=".sum()",
    new=".mean()",
    hint="The probabilities are weights already: what would be divided by the number of events?",
)
entropy.mutant(
    "not_summed",
    old=f"float(0 - {SURPRISE} / np.log(base))",
    new="-positive * np.log(positive) / np.log(base)",
    hint="How many numbers is the entropy of a distribution?",
)
entropy.mutant(
    "gini",
    old=f"0 - {SURPRISE} / np.log(base)",
    new="1 - (positive**2).sum()",
    hint="Where is the logarithm in your formula?",
)
entropy.mutant(
    "unchecked",
    old="require_distribution(p)",
    new="np.asarray(p)",
    hint="What does your function answer to probabilities that sum to 0.9?",
)
entropy.mutant(
    "in_place",
    old="positive = p[p > 0]",
    new="p[p == 0] = 1\n    positive = p",
    hint="Whose array do you write to when you replace the zeros?",
)
entropy.alternative(
    "loop",
    """
    def entropy(p, base=2.0):
        import math

        total = 0.0
        for each in require_distribution(p).ravel().tolist():
            if each:
                total += each * math.log(1 / each, base)
        return total
    """,
)
entropy.alternative(
    "where",
    """
    def entropy(p, base=2.0):
        p = require_distribution(p)
        surprise = -np.log2(np.where(p > 0, p, 1)) / np.log2(base)
        return np.vdot(p, surprise)
    """,
)
entropy.alternative(
    "nans_left_out",
    """
    def entropy(p, base=2.0):
        if np.min(p) < 0 or abs(np.sum(p) - 1) > 1e-5:
            raise ValueError("not a distribution")
        with np.errstate(all="ignore"):
            return -np.nansum(p * np.log10(p)) / np.log10(base)
    """,
)


relative_entropy = Exercise("information.relative_entropy")


@relative_entropy.check(couples, weight=3, public=True)
def divergence_is_weighed_by_p(subject, case):
    """The divergence is the mean over p of how much more probable events are in p, in bits."""
    return {"divergence": subject.relative_entropy(**case)}


@relative_entropy.check(couples_and_bases, weight=2, public=True)
def base_is_an_argument(subject, case):
    """The logarithm has the base that is given."""
    return {"divergence": subject.relative_entropy(**case)}


@relative_entropy.check(zeros_in_p, weight=2)
def impossible_events_add_nothing(subject, case):
    """An event with p = 0 adds nothing, whatever its q."""
    return {"divergence": subject.relative_entropy(**case)}


@relative_entropy.check(zeros_in_q, weight=2)
def excluded_event_that_happens_costs_infinity(subject, case):
    """An event with q = 0 < p makes the divergence infinite."""
    return {"divergence": subject.relative_entropy(**case)}


@relative_entropy.check(twins)
def same_distribution_is_at_zero(subject, case):
    """A distribution does not diverge from itself."""
    return {"divergence": subject.relative_entropy(**case)}


@relative_entropy.check(unequal_couples, weight=0.5, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"divergence": subject.relative_entropy(**case)}


@relative_entropy.check(no_couples, weight=0.5, judge=raises(ValueError))
def other_tables_are_refused(subject, case):
    """A table that is no distribution raises ValueError, be it p or q."""
    return {"divergence": subject.relative_entropy(**case)}


@relative_entropy.check(zeros_in_p, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.relative_entropy(**case)
    return {"p": case.p, "q": case.q}


LOG_RATIO = "np.log(p[support]) - np.log(q[support])"
DIVERGENCE = "(p[support] * log_ratio).sum()"

relative_entropy.mutant(
    "swapped",
    old="p, q = require_distribution(p), require_distribution(q)",
    new="q, p = require_distribution(p), require_distribution(q)",
    hint="Which of the two distributions weighs the terms?",
)
relative_entropy.mutant(
    "weighed_by_q",
    old=DIVERGENCE,
    new="(q[support] * log_ratio).sum()",
    hint="According to which distribution do the events happen, and so weigh the terms?",
)
relative_entropy.mutant(
    "ratio_inverted",
    old=LOG_RATIO,
    new="np.log(q[support]) - np.log(p[support])",
    hint="Can a divergence be negative? Which way round is the quotient?",
)
relative_entropy.mutant(
    "nats",
    old=" / np.log(base)",
    new="",
    hint="In which unit is your result: bits or nats?",
)
relative_entropy.mutant(
    "bits_always",
    old="np.log(base)",
    new="np.log(2)",
    hint="What does your code do with its third argument?",
)
relative_entropy.mutant(
    "zeros_of_q_ignored",
    old="p > 0",
    new="(p > 0) & (q > 0)",
    hint="What should an event cost that happens although q excludes it?",
)
relative_entropy.mutant(
    "capped",
    old="np.log(q[support])",
    new="np.log(q[support] + 1e-12)",
    hint="What does your code return for an event that happens although q excludes it?",
)
relative_entropy.mutant(
    "zero_times_infinity",
    old="support = p > 0",
    new="support = p >= 0",
    hint="What is 0 times log(0) in floating point, and what is its limit?",
)
relative_entropy.mutant(
    "not_weighted",
    old=DIVERGENCE,
    new="log_ratio.sum()",
    hint="How often does each event happen? What weighs each term of a mean?",
)
relative_entropy.mutant(
    "absolute_terms",
    old=DIVERGENCE,
    new="np.abs(p[support] * log_ratio).sum()",
    hint="May a single term be negative, even though their sum never is?",
)
relative_entropy.mutant(
    "both_directions",
    old=DIVERGENCE,
    new="((p[support] - q[support]) * log_ratio).sum()",
    hint="Is the divergence from q to p the same as that from p to q?",
)
relative_entropy.mutant(
    "cross_entropy",
    old=LOG_RATIO,
    new="-np.log(q[support])",
    hint="What should the divergence of a distribution from itself be?",
)
relative_entropy.mutant(
    "not_summed",
    old=f"float({DIVERGENCE} / np.log(base))",
    new="p[support] * log_ratio / np.log(base)",
    hint="How many numbers is the divergence of two distributions?",
)
relative_entropy.mutant(
    "broadcasts",
    old="if p.shape != q.shape:",
    new="if False:",
    hint="What does numpy make of tables of shapes (N,) and (N, 1)?",
)
relative_entropy.mutant(
    "unchecked",
    old="require_distribution(p), require_distribution(q)",
    new="np.asarray(p), np.asarray(q)",
    hint="What does your function answer to probabilities that sum to 0.9?",
)
relative_entropy.mutant(
    "only_p_checked",
    old="require_distribution(q)",
    new="np.asarray(q)",
    hint="What does your function answer to a q that sums to 0.9?",
)
relative_entropy.mutant(
    "in_place",
    old="support = p > 0",
    new="support = p > 0\n    q[~support] = 1",
    hint="Whose array do you write to when you replace entries?",
)
relative_entropy.alternative(
    "loop",
    """
    def relative_entropy(p, q, base=2.0):
        import math

        if np.shape(p) != np.shape(q):
            raise ValueError("shapes differ")
        total = 0.0
        for a, b in zip(require_distribution(p).ravel(), require_distribution(q).ravel()):
            if a > 0:
                total += a * math.log(a / b, base) if b > 0 else math.inf
        return total
    """,
)
relative_entropy.alternative(
    "where",
    """
    def relative_entropy(p, q, base=2.0):
        p, q = require_distribution(p), require_distribution(q)
        if p.shape != q.shape:
            raise ValueError("shapes differ")
        if np.any((q == 0) & (p > 0)):
            return np.inf
        ratio = np.divide(p, q, out=np.ones_like(p), where=p > 0)
        return np.sum(p * np.log2(ratio)) / np.log2(base)
    """,
)
relative_entropy.alternative(
    "cross_entropy_less_entropy",
    """
    def relative_entropy(p, q, base=2.0):
        p, q = require_distribution(p), require_distribution(q)
        if p.shape != q.shape:
            raise ValueError("shapes differ")
        p, q = p[p != 0], q[p != 0]
        with np.errstate(divide="ignore"):
            return (p @ np.log(p) - p @ np.log(q)) / np.log(base)
    """,
)


cross_entropy_bits = Exercise("information.cross_entropy_bits")


@cross_entropy_bits.check(couples, weight=3, public=True)
def bits_are_weighed_by_p(subject, case):
    """The cross-entropy is the mean over p of the surprise according to q, in bits."""
    return {"bits": subject.cross_entropy_bits(**case)}


@cross_entropy_bits.check(zeros_in_p, weight=2)
def impossible_events_add_nothing(subject, case):
    """An event with p = 0 adds nothing, whatever its q."""
    return {"bits": subject.cross_entropy_bits(**case)}


@cross_entropy_bits.check(zeros_in_q, weight=2)
def excluded_event_that_happens_costs_infinity(subject, case):
    """An event with q = 0 < p makes the cross-entropy infinite."""
    return {"bits": subject.cross_entropy_bits(**case)}


@cross_entropy_bits.check(twins, public=True)
def own_code_costs_the_entropy(subject, case):
    """Where q equals p, the cross-entropy is the entropy."""
    return {"bits": subject.cross_entropy_bits(**case)}


@cross_entropy_bits.check(unequal_couples, weight=0.5, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"bits": subject.cross_entropy_bits(**case)}


@cross_entropy_bits.check(no_couples, weight=0.5, judge=raises(ValueError))
def other_tables_are_refused(subject, case):
    """A table that is no distribution raises ValueError, be it p or q."""
    return {"bits": subject.cross_entropy_bits(**case)}


@cross_entropy_bits.check(zeros_in_p, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.cross_entropy_bits(**case)
    return {"p": case.p, "q": case.q}


BITS = "(p[support] * log_q).sum()"

cross_entropy_bits.mutant(
    "swapped",
    old="p, q = require_distribution(p), require_distribution(q)",
    new="q, p = require_distribution(p), require_distribution(q)",
    hint="According to which distribution do the events happen, and for which is the code made?",
)
cross_entropy_bits.mutant(
    "nats",
    old="np.log2(",
    new="np.log(",
    hint="What unit does the name of the function promise?",
)
cross_entropy_bits.mutant(
    "no_minus",
    old="0 - (p",
    new="(p",
    hint="Which sign has the logarithm of a probability, and which sign a number of bits?",
)
cross_entropy_bits.mutant(
    "entropy_of_p",
    old="q[support]",
    new="p[support]",
    hint="Which distribution says how surprising an event is?",
)
cross_entropy_bits.mutant(
    "weighed_by_q",
    old=BITS,
    new="(q[support] * log_q).sum()",
    hint="Which distribution says how often an event happens?",
)
cross_entropy_bits.mutant(
    "divergence",
    old="np.log2(q[support])",
    new="np.log2(q[support]) - np.log2(p[support])",
    hint="What should the cross-entropy of a distribution with itself be?",
)
cross_entropy_bits.mutant(
    "divided_by_events",
    old=".sum()",
    new=".mean()",
    hint="The probabilities are weights already: what would be divided by the number of events?",
)
cross_entropy_bits.mutant(
    "complement_too",
    old=BITS,
    new="(p[support] * log_q + (1 - p[support]) * np.log2(1 - q[support])).sum()",
    hint="Is the formula that of one yes-or-no question for each event?",
)
cross_entropy_bits.mutant(
    "zero_times_infinity",
    old="support = p > 0",
    new="support = p >= 0",
    hint="What is 0 times log(0) in floating point, and what is its limit?",
)
cross_entropy_bits.mutant(
    "zeros_of_q_ignored",
    old="p > 0",
    new="(p > 0) & (q > 0)",
    hint="How long is the code word of an event that q excludes?",
)
cross_entropy_bits.mutant(
    "capped",
    old="np.log2(q[support])",
    new="np.log2(q[support] + 1e-12)",
    hint="What does your code return for an event that happens although q excludes it?",
)
cross_entropy_bits.mutant(
    "not_summed",
    old=f"float(0 - {BITS})",
    new="0 - p[support] * log_q",
    hint="How many numbers is a cross-entropy?",
)
cross_entropy_bits.mutant(
    "broadcasts",
    old="if p.shape != q.shape:",
    new="if False:",
    hint="What does numpy make of tables of shapes (N,) and (N, 1)?",
)
cross_entropy_bits.mutant(
    "unchecked",
    old="require_distribution(p), require_distribution(q)",
    new="np.asarray(p), np.asarray(q)",
    hint="What does your function answer to probabilities that sum to 0.9?",
)
cross_entropy_bits.mutant(
    "only_p_checked",
    old="require_distribution(q)",
    new="np.asarray(q)",
    hint="What does your function answer to a q that sums to 0.9?",
)
cross_entropy_bits.mutant(
    "in_place",
    old="support = p > 0",
    new="support = p > 0\n    q[~support] = 1",
    hint="Whose array do you write to when you replace entries?",
)
cross_entropy_bits.alternative(
    "loop",
    """
    def cross_entropy_bits(p, q):
        import math

        if np.shape(p) != np.shape(q):
            raise ValueError("shapes differ")
        total = 0.0
        for a, b in zip(require_distribution(p).ravel(), require_distribution(q).ravel()):
            if a > 0:
                total -= a * (math.log2(b) if b > 0 else -math.inf)
        return total
    """,
)
cross_entropy_bits.alternative(
    "entropy_and_divergence",
    """
    def cross_entropy_bits(p, q):
        p, q = require_distribution(p), require_distribution(q)
        if p.shape != q.shape:
            raise ValueError("shapes differ")
        p, q = p[p > 0], q[p > 0]
        with np.errstate(divide="ignore"):
            return -np.dot(p, np.log2(p)) + np.dot(p, np.log2(p / q))
    """,
)
cross_entropy_bits.alternative(
    "where",
    """
    def cross_entropy_bits(p, q):
        p, q = require_distribution(p), require_distribution(q)
        if p.shape != q.shape:
            raise ValueError("shapes differ")
        with np.errstate(divide="ignore"):
            surprise = -np.log(np.where(p > 0, q, 1)) / np.log(2)
        return np.einsum("i,i->", p.ravel(), surprise.ravel())
    """,
)


mutual_information = Exercise("information.mutual_information")


@mutual_information.check(joints, weight=3, public=True)
def information_is_what_the_marginals_share(subject, case):
    """The mutual information is what two variables tell about each other, in bits."""
    return {"information": subject.mutual_information(**case)}


@mutual_information.check(joints_and_bases, weight=2, public=True)
def base_is_an_argument(subject, case):
    """The logarithm has the base that is given."""
    return {"information": subject.mutual_information(**case)}


@mutual_information.check(joints)
def information_is_mutual(subject, case):
    """The transposed table has the same information."""
    return {"information": subject.mutual_information(case.joint.T)}


@mutual_information.check(joints_with_zeros, weight=2)
def impossible_pairs_add_nothing(subject, case):
    """Pairs that never occur, and values that never occur, add nothing."""
    return {"information": subject.mutual_information(**case)}


@mutual_information.check(independent)
def independent_variables_share_nothing(subject, case):
    """Independent variables tell nothing about each other."""
    return {"information": subject.mutual_information(**case)}


@mutual_information.check(no_joints, judge=raises(ValueError))
def other_tables_are_refused(subject, case):
    """A table that is no distribution raises ValueError."""
    return {"information": subject.mutual_information(**case)}


@mutual_information.check(joints_with_zeros, weight=0.5, judge=exact)
def argument_stays(subject, case):
    """The argument is left as it was."""
    subject.mutual_information(**case)
    return {"joint": case.joint}


SHARED = "max(0.0, total_surprise(rows) + total_surprise(columns) - total_surprise(joint))"

mutual_information.mutant(
    "sign",
    old=SHARED,
    new="total_surprise(joint) - total_surprise(rows) - total_surprise(columns)",
    hint="Can two variables tell less than nothing about each other?",
)
mutual_information.mutant(
    "joint_entropy",
    old=SHARED,
    new="total_surprise(joint)",
    hint="What does your result say about two independent coins?",
)
mutual_information.mutant(
    "marginals_only",
    old=" - total_surprise(joint)",
    new="",
    hint="What is counted twice when you add the entropies of both variables?",
)
mutual_information.mutant(
    "conditional_entropy",
    old=SHARED,
    new="total_surprise(joint) - total_surprise(columns)",
    hint="Is this what X tells about Y, or what stays unknown about X once Y is seen?",
)
mutual_information.mutant(
    "conditional_entropy_of_columns",
    old=SHARED,
    new="total_surprise(joint) - total_surprise(rows)",
    hint="Is this what X tells about Y, or what stays unknown about Y once X is seen?",
)
mutual_information.mutant(
    "columns_twice",
    old="joint.sum(axis=1)",
    new="joint.sum(axis=0)",
    hint="Over which axis does one sum to get each of the two marginals?",
)
mutual_information.mutant(
    "rows_twice",
    old="joint.sum(axis=0)",
    new="joint.sum(axis=1)",
    hint="Is each of your two marginals that of another variable?",
)
mutual_information.mutant(
    "nats",
    old=" / np.log(base)",
    new="",
    hint="In which unit is your result: bits or nats?",
)
mutual_information.mutant(
    "bits_always",
    old="np.log(base)",
    new="np.log(2)",
    hint="What does your code do with its second argument?",
)
mutual_information.mutant(
    "zero_times_infinity",
    old="p[p > 0]",
    new="p",
    hint="What is 0 times log(0) in floating point, and what is its limit?",
)
mutual_information.mutant(
    "weighed_by_the_product",
    old=SHARED,
    new="float((np.outer(rows, columns)[joint > 0] * np.log(joint[joint > 0]"
    " / np.outer(rows, columns)[joint > 0])).sum() / np.log(base))",
    hint="How often does each pair occur: as the joint table says, or as if independent?",
)
mutual_information.mutant(
    "unchecked",
    old="require_distribution(joint)",
    new="np.asarray(joint)",
    hint="What does your function answer to a table of counts?",
)
mutual_information.mutant(
    "in_place",
    old="positive = p[p > 0]",
    new="p[p == 0] = 1\n        positive = p",
    hint="Whose array do you write to when you replace the zeros?",
)
mutual_information.alternative(
    "divergence_from_independence",
    """
    def mutual_information(joint, base=2.0):
        joint = require_distribution(joint)
        product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
        occurs = joint > 0
        ratio = joint[occurs] / product[occurs]
        return joint[occurs] @ np.log2(ratio) / np.log2(base)
    """,
)
mutual_information.alternative(
    "entropy_less_conditional_entropy",
    """
    def mutual_information(joint, base=2.0):
        def surprise(p):
            return -np.log(np.where(p > 0, p, 1)) / np.log(base)

        joint = require_distribution(joint)
        rows, columns = joint.sum(axis=1), joint.sum(axis=0)
        unknown = (joint * (surprise(joint) - surprise(columns))).sum()
        return (rows * surprise(rows)).sum() - unknown
    """,
)
mutual_information.alternative(
    "loop",
    """
    def mutual_information(joint, base=2.0):
        import math

        table = require_distribution(joint).tolist()
        columns = [math.fsum(column) for column in zip(*table)]
        total = 0.0
        for row in table:
            for each, column in zip(row, columns):
                if each > 0:
                    total += each * math.log(each / (math.fsum(row) * column), base)
        return max(total, 0.0)
    """,
)
