"""Information against SciPy and scikit-learn."""

from importlib import import_module

import numpy as np
import pytest

from reference.information import cross_entropy_bits, entropy, mutual_information, relative_entropy

pytestmark = pytest.mark.oracle

BASES = [2.0, np.e, 10.0, 3.0]


def distributions(size, zeros=0):
    """Return two distributions, the first with some impossible events."""
    p, q = np.random.default_rng(1948).dirichlet(np.ones(size), 2)
    p[:zeros] = 0
    return p / p.sum(), q


def close(x):
    return pytest.approx(x, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("size", "zeros"), [(1, 0), (2, 1), (3, 0), (5, 2), (100, 10)])
def test_entropies_are_those_of_scipy(size, zeros, base):
    stats = import_module("scipy.stats")
    p, q = distributions(size, zeros)
    assert entropy(p, base) == close(stats.entropy(p, base=base))
    assert relative_entropy(p, q, base) == close(stats.entropy(p, q, base=base))


@pytest.mark.parametrize("tiny", [1e-8, 1e-30, 1e-300])
def test_rare_events_count_as_in_scipy(tiny):
    special = import_module("scipy.special")
    p, q = np.array([tiny, 1 - tiny]), np.array([0.5, 0.5])
    assert entropy(p, np.e) == close(special.entr(p).sum())
    assert relative_entropy(p, q, np.e) == close(special.rel_entr(p, q).sum())
    assert relative_entropy(q, p, np.e) == close(special.rel_entr(q, p).sum())


@pytest.mark.parametrize(("size", "zeros"), [(1, 0), (2, 1), (5, 2)])
def test_cross_entropy_is_the_sum_of_two_of_scipy(size, zeros):
    stats = import_module("scipy.stats")
    p, q = distributions(size, zeros)
    expected = stats.entropy(p, base=2) + stats.entropy(p, q, base=2)
    assert cross_entropy_bits(p, q) == close(expected)


@pytest.mark.parametrize("counts", [[[3, 1], [0, 4]], [[5, 0, 2], [1, 7, 1]], [[1], [4]], [[2, 3]]])
def test_mutual_information_is_that_of_scikit_learn(counts):
    metrics = import_module("sklearn.metrics")
    counts = np.array(counts)
    expected = metrics.mutual_info_score(None, None, contingency=counts)  # nats
    joint = counts / counts.sum()
    assert mutual_information(joint, np.e) == close(expected)
    assert mutual_information(joint) == close(expected / np.log(2))
