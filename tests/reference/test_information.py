import numpy as np
import pytest

from reference.information import cross_entropy_bits, entropy, mutual_information, relative_entropy

ONE = [entropy, mutual_information]
TWO = [relative_entropy, cross_entropy_bits]
JOINT = np.array([[0.5, 0.0, 0.125], [0.125, 0.25, 0.0]])


def is_positive_zero(x):
    return x == 0 and not np.signbit(x)


@pytest.mark.parametrize("p", [[[0.5, 0.4]], [[1.5, -0.5]], [[0.5], [0.6]], [[np.nan, 1.0]]])
def test_tables_that_are_no_distribution_are_refused(p):
    p = np.array(p)
    uniform = np.full(p.shape, 1 / p.size)
    for function in ONE:
        with pytest.raises(ValueError, match="probabilit"):
            function(p)
    for function in TWO:
        with pytest.raises(ValueError, match="probabilit"):
            function(p, uniform)
        with pytest.raises(ValueError, match="probabilit"):
            function(uniform, p)


@pytest.mark.parametrize("function", TWO)
@pytest.mark.parametrize("q", [[0.25] * 4, [[0.5], [0.5]], [1.0]])
def test_distributions_of_different_shapes_are_refused(function, q):
    with pytest.raises(ValueError, match="has shape"):
        function(np.array([0.5, 0.5]), np.array(q))


@pytest.mark.parametrize("function", TWO)
def test_an_impossible_event_that_happens_costs_infinity(function):
    assert function(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == np.inf
    assert function(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == 1


def test_certainty_has_no_information_and_no_sign():
    certain = np.array([0.0, 1.0])
    assert is_positive_zero(entropy(certain))
    assert is_positive_zero(relative_entropy(certain, certain))
    assert is_positive_zero(cross_entropy_bits(certain, certain))
    assert is_positive_zero(mutual_information(np.array([[0.0, 0.0], [0.0, 1.0]])))


def test_independent_variables_have_no_negative_information():
    rng = np.random.default_rng(3)
    for _ in range(200):
        joint = np.outer(rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(5)))
        assert 0 <= mutual_information(joint) < 1e-14


def test_a_joint_table_has_the_joint_entropy():
    assert entropy(JOINT) == entropy(JOINT.ravel()) == 1.75


def test_the_chain_rule_holds():
    rows = JOINT.sum(axis=1)
    conditional = sum(p * entropy(row / p) for p, row in zip(rows, JOINT, strict=True))
    assert entropy(JOINT) == pytest.approx(entropy(rows) + conditional, rel=1e-14)
    shared = entropy(JOINT.sum(axis=0)) - conditional
    assert mutual_information(JOINT) == pytest.approx(shared, rel=1e-14)


def test_cross_entropy_is_entropy_plus_relative_entropy():
    p, q = np.array([0.5, 0.25, 0.25, 0.0]), np.array([0.1, 0.2, 0.3, 0.4])
    assert cross_entropy_bits(p, q) == pytest.approx(entropy(p) + relative_entropy(p, q), rel=1e-14)


def test_the_information_is_that_of_the_transposed_table():
    assert mutual_information(JOINT.T) == pytest.approx(mutual_information(JOINT), rel=1e-14)


@pytest.mark.parametrize("p", [[0, 1], [0.5, 0.5]])
def test_integers_and_float32_give_python_floats(p):
    for table in (np.array(p), np.array(p, np.float32)):
        assert type(entropy(table)) is float
        assert type(relative_entropy(table, table)) is float
        assert type(cross_entropy_bits(table, table)) is float
        assert type(mutual_information(np.diag(table))) is float


def test_arguments_are_not_modified():
    joint = JOINT.copy()
    entropy(joint)
    relative_entropy(joint, joint)
    cross_entropy_bits(joint, joint)
    mutual_information(joint)
    np.testing.assert_array_equal(joint, JOINT)
