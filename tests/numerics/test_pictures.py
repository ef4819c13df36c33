"""Pictures: the right kind, of the right entries, small, and never of what is not shown."""

import ast
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.authoring.mutants import mutant_subject, reference_subject
from autograder.cases import draw_cases
from autograder.declare import curve, trajectory
from autograder.model import Case
from autograder.numerics import compare, drawing, pictures, samples
from autograder.numerics.compare import Finding, Observed, Raised, judge
from autograder.numerics.expectations import expect
from autograder.numerics.pictures import MOST_COLUMNS, MOST_ROWS, picture
from autograder.numerics.samples import sampled
from autograder.packaging import literals, testcases

NOTHING = Case()
LARGEST_PICTURE = 12_000  # characters, of the most absurd numbers


def shown(wanted, got, kind=None, case=NOTHING, rule="tolerance"):
    """The picture of one observation, as the grader asks for it."""
    expected = Observed(sampled(wanted) if rule == "statistical" else wanted)
    outcome = Observed(got)
    finding = judge(rule, "", expected, [0.0] * 9, 1e-6, outcome)
    assert finding.kind
    return picture(kind, case, expected, outcome, finding)


def test_a_table_is_shown_by_the_error_of_each_entry():
    wanted = np.arange(6.0).reshape(2, 3)
    got = wanted + np.array([[0, 0, 0.5], [0, -2, 0]])
    found = shown({"loss": 1.0, "dx": wanted}, {"loss": 1.0, "dx": got})
    assert found.kind == "heat"
    assert found.title == "dx: yours minus expected"
    assert found.series == {"off": [[0, 0, 0.5], [0, -2, 0]], "block": [1, 1]}
    assert found.words == "2 of 6 entries are off, most of all dx[1, 1]."
    assert found.labels == ("axis 1", "axis 0")


def test_the_output_is_found_in_lists_and_dictionaries():
    tree = {
        "layers": [{"w": np.ones((2, 2)), "b": np.ones(2)}, {"w": np.ones((2, 2)), "b": np.ones(2)}]
    }
    wrong = {"layers": [tree["layers"][0], {"w": np.ones((2, 2)), "b": np.array([1.0, 3.0])}]}
    assert shown(tree, wrong).title == "layers[1]['b']: yours minus expected"
    assert shown(tree, wrong).series["off"] == [[0, 2]]


def test_what_is_not_finite_is_crossed_out_and_said():
    wanted = np.array([1.0, 2.0, 3.0, np.inf])
    found = shown({"y": wanted}, {"y": np.array([1.0, np.nan, 4.0, np.inf])})
    assert found.series["off"] == [[0, None, 1, 0]]
    assert "crossed" in found.words


def test_a_large_array_is_shown_in_blocks_by_their_largest_error():
    wanted, got = np.zeros((50, 70)), np.zeros((50, 70))
    got[49, 69], got[48, 69], got[0, 0] = -3.0, 2.0, 1.0
    off = np.array(shown({"y": wanted}, {"y": got}).series["off"])
    assert off.shape == (17, 24)
    assert (off[0, 0], off[-1, -1], off.sum()) == (1, 3, 4)
    words = shown({"y": wanted}, {"y": got}).words
    assert "3 of 3500 entries are off" in words
    assert "block of 3 by 3 entries" in words


def test_more_than_two_axes_come_one_after_the_other():
    wanted = np.zeros((2, 3, 4, 5))
    got = wanted.copy()
    got[1, 0, 2, 4] = 7.0
    found = shown({"dx": wanted}, {"dx": got})
    assert np.argwhere(found.series["off"]).tolist() == [[1 * 12 + 0 * 4 + 2, 4]]
    assert found.labels == ("axis 3", "axes 0 to 2, one after the other")


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        (1.0, 2.0),
        (np.float64(1), np.float64(2)),
        (np.ones(1), np.zeros(1)),
        (np.ones((2, 3)), np.ones((3, 2))),
        (np.ones(3), [1.0, 1.0, 1.0]),
        (np.ones(3), np.full(3, np.nan)),
        (np.ones(3), np.ones(3, dtype=complex)),
        ("sgd", "adam"),
        (True, False),
    ],
)
def test_numbers_alone_and_structural_faults_have_no_picture(wanted, got):
    assert shown({"y": wanted}, {"y": got}) is None


def test_what_was_raised_has_no_picture():
    raised = Raised(("ValueError",), "no")
    assert picture(None, NOTHING, Observed({"y": np.ones(3)}), raised, Finding("raised")) is None
    assert picture(None, NOTHING, raised, Observed({"y": np.ones(3)}), Finding("raised")) is None


def test_an_activation_is_a_curve_in_the_order_of_its_argument():
    z = np.array([[1.0, -2.0], [0.5, -1.0]])
    wanted, got = np.maximum(z, 0), np.abs(z)
    found = shown({"a": wanted}, {"a": got}, curve("z"), Case(z=z))
    assert (found.kind, found.title, found.labels) == ("curve", "a against z", ("z", "a"))
    assert found.series == {
        "x": [-2, -1, 0.5, 1],
        "expected": [0, 0, 0.5, 1],
        "yours": [2, 1, 0.5, 1],
    }
    assert found.words.startswith("2 of 4 points are off the right curve, most of all at z = -2:")


def test_a_gradient_is_the_curve_of_its_slope():
    z, dout = np.array([-1.0, 1.0, 2.0]), np.array([3.0, -2.0, 4.0])
    found = shown(
        {"dz": dout * (z > 0)}, {"dz": dout}, curve("z", over="dout"), Case(z=z, dout=dout)
    )
    assert found.series["expected"] == [0, 1, 1]
    assert found.series["yours"] == [1, 1, 1]


def test_a_schedule_is_a_curve_over_its_epochs():
    case = Case(epochs=[0, 1, 2, 3])
    found = shown({"rates": np.array([4.0, 3, 2, 1])}, {"rates": np.ones(4)}, curve("epochs"), case)
    assert found.series["x"] == [0, 1, 2, 3]


def test_curves_that_the_eye_cannot_tell_apart_are_shown_by_their_errors():
    z = np.linspace(-2, 2, 9)
    assert shown({"a": z}, {"a": z * 1.001}, curve("z"), Case(z=z)).kind == "heat"
    assert shown({"a": z[:2]}, {"a": -z[:2]}, curve("z"), Case(z=z[:2])).kind == "heat"


def steps(theta, momentum):
    matrix, path, velocity = np.diag([0.5, 1.0, 2.0]), [], 0.0
    for _ in range(6):
        velocity = momentum * velocity + 0.3 * (matrix @ theta - 1.0)
        path.append(-velocity)
        theta = theta - velocity
    return np.array(path)


def test_updates_are_a_path_that_starts_at_the_parameters():
    theta = np.array([1.0, -1.0, 0.5])
    wanted, got = steps(theta, 0.8), steps(theta, 0.0)
    found = shown({"updates": wanted}, {"updates": got}, trajectory("theta"), Case(theta=theta))
    ours, theirs = np.array(found.series["expected"]), np.array(found.series["yours"])
    assert found.kind == "trajectory"
    assert found.labels == ("theta[0]", "theta[1]")
    assert ours[0].tolist() == theirs[0].tolist() == [1, -1]
    assert ours[-1] == pytest.approx((theta + wanted.sum(axis=0))[:2], rel=1e-3)
    assert "part at step 2 of 6" in found.words
    assert "curvature" not in found.series


def test_the_bowl_of_a_path_is_the_loss_in_the_plane_that_is_shown():
    theta, target = np.array([1.0, -1.0, 0.5]), np.ones(3)
    matrix = np.array([[2.0, 0.3, 0.0], [0.3, 1.0, 0.2], [0.0, 0.2, 0.5]])
    wanted = np.array([[-0.1, 0.2, 0.0], [-0.1, 0.1, 0.0]])
    found = shown(
        {"updates": wanted},
        {"updates": -wanted},
        trajectory("theta", bowl=("matrix", "target")),
        Case(theta=theta, matrix=matrix, target=target),
    )
    end = theta + wanted.sum(axis=0)
    away = np.array([0.3, -0.7, 0.0])

    def loss(at):
        return at @ matrix @ at / 2 - target @ at

    shift = away[:2] @ found.series["slope"] + away[:2] @ found.series["curvature"] @ away[:2] / 2
    assert loss(end + away) - loss(end) == pytest.approx(shift, rel=1e-3)


def test_a_path_that_runs_away_is_shown_as_far_as_it_is_finite():
    theta = np.zeros(2)
    wanted, got = np.ones((4, 2)), np.array([[1, 1], [1e200, 1], [np.nan, 1], [1, 1]])
    found = shown({"updates": wanted}, {"updates": got}, trajectory("theta"), Case(theta=theta))
    assert found.series["yours"][1:3] == [[1, 1], [None, 2]]
    assert drawing.draw(found).startswith("<svg")


def test_random_numbers_are_a_histogram_beside_their_target():
    rng = np.random.default_rng(0)
    wanted, got = {"w": rng.uniform(-1, 1, (40, 500))}, {"w": rng.uniform(0, 1, (40, 500))}
    found = shown(wanted, got, rule="statistical")
    assert found.kind == "histogram"
    assert sum(found.series["expected"]) == pytest.approx(1, abs=0.01)
    edges = np.array(found.series["edges"])
    left = np.array(found.series["yours"])[edges[1:] <= 0]
    assert left.sum() == 0
    assert "a mean of 0.5" in found.words


def test_a_histogram_that_would_look_right_is_not_shown():
    rng = np.random.default_rng(0)
    wanted = rng.standard_normal((40, 500))
    assert shown({"w": wanted}, {"w": np.sort(wanted, axis=1)}, rule="statistical") is None


def numbers(shape):
    return arrays(np.float64, shape, elements=st.floats(width=64))


@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    array_shapes(max_dims=4, max_side=40).flatmap(
        lambda shape: st.tuples(numbers(shape), numbers(shape))
    )
)
def test_whatever_comes_back_a_picture_is_small_plain_data(pair):
    expected, outcome = ({"y": each} for each in pair)
    finding = judge("tolerance", "", Observed(expected), [0.0], 1e-6, Observed(outcome))
    for kind in (None, curve("z"), trajectory("theta")):
        case = Case(z=pair[0], theta=pair[0][0] if pair[0].ndim else pair[0])
        found = picture(kind, case, Observed(expected), Observed(outcome), finding)
        if found:
            text = json.dumps(asdict(found), allow_nan=False)
            assert len(text) < LARGEST_PICTURE
            assert replace(found) == pictures.Picture(**asdict(found))
            if found.kind == "heat":
                off = np.array(found.series["off"], float)
                assert off.shape[0] <= MOST_ROWS
                assert off.shape[1] <= MOST_COLUMNS


def declared(course):
    for assignment in course.assignments.values():
        for exercise in assignment.exercises:
            for check in exercise.checks:
                if check.picture:
                    yield assignment, exercise, check


def test_every_picture_that_the_course_declares_shows_a_known_mistake(course):
    """If the eye could see none of them, the errors of each entry would be better."""
    unused = []
    for assignment, exercise, check in declared(course):
        reference = reference_subject(course, assignment)
        cases = draw_cases(course.seed, "any", exercise, check)
        kinds = set()
        for mutant in exercise.mutants:
            subject = mutant_subject(course, assignment, exercise, mutant)
            expected = expect(check, cases, reference)
            case, outcome, finding = expected.worst(expected.observe(subject))
            found = picture(check.picture, case.case, case.outcome, outcome, finding)
            kinds |= {found.kind} if found else set()
            if check.picture.startswith(tuple(kinds & {"curve", "trajectory"})):
                break
        else:
            unused.append((exercise.name, check.name, kinds))
    assert unused == []


def test_no_name_of_what_tests_embed_is_defined_twice():
    sources = [
        Path(module.__file__).read_text() for module in (samples, compare, pictures, drawing)
    ]
    names = [
        name
        for source in [*sources, literals.NAMES, testcases.VERDICT]
        for node in ast.parse(source).body
        for name in _defined(node)
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def _defined(node):
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
