"""Generated mutants: each operator, their names, and that only reviewed ones survive."""

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.authoring.expected import expected_checks
from autograder.authoring.generated import generate
from autograder.authoring.reviewed import Equivalent, read_reviewed
from autograder.authoring.survivors import (
    FILE,
    require_reviewed,
    survey,
    survives,
)
from autograder.course import load_course
from autograder.errors import CourseError
from tests.conftest import ROOT

# The body of a function of the arrays x and y and the int n, and what an operator makes of it.
OPERATORS = [
    ("axis", "return x.sum(axis=1)", ["x.sum(axis=0)", "x.sum(axis=None)", "x.sum(axis=-1)"]),
    ("axis", "return x.sum(axis=0)", ["x.sum(axis=1)", "x.sum(axis=None)", "x.sum(axis=-1)"]),
    ("keepdims", "return x.max(axis=1, keepdims=True)", ["x.max(axis=1)"]),
    ("keepdims", "return x.max(axis=1)", ["x.max(axis=1, keepdims=True)"]),
    ("ddof", "return x.var(axis=0)", ["x.var(axis=0, ddof=1)"]),
    ("ddof", "return np.std(x, ddof=1)", ["np.std(x)"]),
    ("function", "return x.mean()", ["x.sum()"]),
    ("function", "return np.log(x)", ["np.log2(x)", "np.log1p(x)"]),
    ("function", "return np.exp(x)", ["np.expm1(x)", "np.exp2(x)"]),
    ("function", "return max(x, y)", ["min(x, y)"]),
    ("sign", "return -x", ["x"]),
    ("sign", "x[0] = y", ["x[0] = -y"]),
    ("sign", "x[0] = 0", []),
    ("sign", "return x, {}", ["(-x, {})"]),
    ("operation", "return x + y", ["(x - y)"]),
    ("operation", "return x * y", ["(x / y)", "(x @ y)"]),
    ("operation", "return 2 * x", ["(2 / x)"]),
    ("operation", "return x @ y", ["(x * y)"]),
    ("operation", "x += y", ["x -= y", "x = y"]),
    ("exponent", "return x**2", ["(x ** 1)", "(x ** 3)"]),
    ("exponent", "return x**n", ["(x ** (n - 1))", "(x ** (n + 1))"]),
    ("bound", "return x[1:]", ["x[0:]", "x[2:]"]),
    ("bound", "return x[:n]", ["x[:n - 1]", "x[:n + 1]"]),
    ("bound", "return range(n)", ["range(n - 1)", "range(n + 1)"]),
    ("term", "return x + y", ["x", "y"]),
    ("term", "return x - y", ["x", "(-y)"]),
    ("term", "return x / y", ["x"]),
    ("order", "return x - y", ["(y - x)"]),
    ("order", "return x / y", ["(y / x)"]),
    ("order", "return f(x, y)", ["f(y, x)"]),
    ("order", "return np.maximum(x, y)", []),
    ("order", "return x[n, y]", ["x[y, n]"]),
    ("order", "return x if n else y", ["(y if n else x)"]),
    ("order", "return x, y", ["(y, x)"]),
    ("constant", "return x + 2", ["x + 3", "x + 1", "x + 0"]),
    ("constant", "return x + 0.0", ["x + 1.0"]),
    ("constant", "return True", ["False"]),
    ("constant", "return f'{2}'", []),
    ("comparison", "return x > y", ["(x >= y)", "(x <= y)"]),
    ("comparison", "return x <= y", ["(x < y)", "(x > y)"]),
    ("comparison", "return x and y", ["(x or y)"]),
    ("transpose", "return x @ y", ["(x.T @ y)", "(x @ y.T)"]),
    ("transpose", "return x.T", ["x"]),
    ("call", "return x.copy()", ["x"]),
    ("call", "return np.abs(x)", ["x"]),
    ("call", "return float(x)", []),
    ("dropped", "if n < 1:\n        raise ValueError('n < 1')", ["pass"]),
    ("dropped", "check(x)", ["pass"]),
    ("dropped", "x = y", ["pass"]),
    ("dropped", "z = y", []),
    ("dropped", "x[0] = y", ["pass"]),
    ("in place", "x = x - y", ["x -= y; x = x"]),
    ("in place", "z = (x * y).sum()", ["x *= y; z = (x).sum()"]),
    ("in place", "z = n * y", []),
    ("in place", "z = [x - y for y in x]", []),
]
DOCUMENTED = '''
def clipped(x: float, limit: float = 1.0, *, keep: bool = False) -> float:
    """Clip: 2 - 1 is 1."""
    if limit < 0:
        raise ValueError(f"limit is {limit - 1}, " + "less than " + str(0))
    # SOLUTION
    return x if keep else max(-limit, min(limit, x))
'''


def mutants(body, operator):
    """Return the bodies that an operator makes, each on one line and without ``return``."""
    source = f"def f(x, y, n: int):\n    {body}\n"
    for mutant in generate(source, "m.f"):
        lines = [line.strip() for line in mutant.source.splitlines()[1:]]
        if mutant.operator == operator:
            yield "; ".join(lines).removeprefix("return ")


@pytest.mark.parametrize(("operator", "body", "expected"), OPERATORS)
def test_an_operator_makes_these_mutants(operator, body, expected):
    assert list(mutants(body, operator)) == expected


def test_only_what_students_write_and_the_defaults_are_changed():
    found = {(each.operator, each.line) for each in generate(DOCUMENTED, "m.clipped")}
    head, *_, last = DOCUMENTED.strip().splitlines()
    assert {line for _, line in found} == {head, last.strip()}
    assert {operator for operator, line in found if line == head} == {"constant"}


def all_mutants(course):
    for assignment in course.assignments.values():
        for exercise in assignment.exercises:
            for target in exercise.targets:
                source = course.reference[target.partition(".")[0]]
                yield source, target, generate(source, target)


def test_every_mutant_is_another_program_that_compiles(course):
    """Every ninth of them: a survey compiles them all."""
    for source, _, generated in all_mutants(course):
        tree = ast.dump(ast.parse(source))
        for mutant in generated[::9]:
            compile(mutant.source, mutant.name, "exec")
            assert ast.dump(ast.parse(mutant.source)) != tree, mutant.name


def test_names_are_unique_and_begin_with_the_target(course):
    for _, target, generated in all_mutants(course):
        names = [mutant.name for mutant in generated]
        assert len(names) == len(set(names)) > 0
        assert all(name.startswith(f"{target}: ") for name in names)


def test_names_stay_when_lines_move_and_comments_change():
    source = 'def f(x):\n    """½ of x."""\n    return x / 2  # half\n'
    moved = 'Y = "½"\n\n\ndef f(x):\n    # Some words.\n\n    return x / 2\n'
    names = [mutant.name for mutant in generate(source, "m.f")]
    assert names == [mutant.name for mutant in generate(moved, "m.f")]
    assert "m.f: constant 2 -> 3 at `return x / 2`" in names


def test_mutants_that_read_alike_are_numbered():
    names = [mutant.name for mutant in generate("def f(x):\n    return 2 * (2 * x)", "m.f")]
    assert "m.f: constant 2 -> 3 at `return 2 * (2 * x)`" in names
    assert "m.f: constant 2 -> 3 at `return 2 * (2 * x)` #2" in names


@pytest.mark.parametrize("name", load_course(ROOT).assignments)
def test_exactly_the_reviewed_mutants_survive_on_other_hidden_cases(course, name):
    """On the course's own cases `gradus validate` requires it."""
    assignment = course.assignments[name]
    expected = expected_checks(course, assignment, "another")
    surveys = survey(course, assignment, expected)
    require_reviewed(assignment, surveys)
    assert sum(each.killed for each in surveys) > 100


def tiny_survey(tiny):
    course = tiny.load()
    assignment = course.assignments["a01_tiny"]
    return assignment, survey(course, assignment, expected_checks(course, assignment, "secret"))


def checks_of(tiny, exercise):
    course = tiny.load()
    return expected_checks(course, course.assignments["a01_tiny"], "secret")[exercise]


def test_a_subject_that_passes_every_check_survives(tiny):
    checks = checks_of(tiny, "maths.mean")
    assert survives(checks, {"mean": lambda x: sum(x) / len(x)}.__getitem__)
    assert not survives(checks, {"mean": lambda x: sum(x) / 2}.__getitem__)


def test_an_endless_loop_is_killed(tiny):
    def mean(x):
        while True:
            try:
                x = x + 1
            except Exception:  # noqa: BLE001 - a student's loop may catch anything
                continue

    assert not survives(checks_of(tiny, "maths.mean"), {"mean": mean}.__getitem__, seconds=0.2)


def test_a_mutant_that_loops_endlessly_is_killed(tiny):
    tiny.edit(
        "reference/maths.py",
        "    total = x.sum() + 0 * len(x)\n",
        "    total, row = x.sum(), 0\n    while row < len(x):\n        row += 1\n",
    )
    tiny.edit("assignments/a01_tiny/checks.py", 'old="total / len(x)"', 'old="total / len(x"')
    tiny.edit("assignments/a01_tiny/checks.py", 'new="total", hint', 'new="(total", hint')
    course = tiny.load()
    assignment = course.assignments["a01_tiny"]
    expected = expected_checks(course, assignment, "secret")
    mean, _ = survey(course, assignment, expected, seconds=0.2)
    endless = "maths.mean: dropped statement at `row += 1`"
    assert endless in mean.generated
    assert endless not in {mutant.name for mutant in mean.survivors}


def test_a_mutant_that_asks_for_too_much_memory_is_killed(tiny):
    tiny.edit(
        "reference/maths.py",
        "    total = x.sum() + 0 * len(x)\n",
        "    total = x.sum() + np.zeros(2**28 * (len(x) // 99)).sum()\n",
    )
    _, (mean, _) = tiny_survey(tiny)
    hungry = [name for name in mean.generated if "without // 99" in name or "99 -> 0" in name]
    assert hungry
    assert not set(hungry) & {mutant.name for mutant in mean.survivors}


def test_a_mutant_that_cannot_be_imported_is_killed(tiny):
    tiny.edit("reference/maths.py", "factor: float = 2.0", "factor: float = 4 // 2")
    _, (_, scale) = tiny_survey(tiny)
    (broken,) = [name for name in scale.generated if "constant 2 -> 0" in name]
    assert broken not in {mutant.name for mutant in scale.survivors}


def test_mutants_run_in_the_main_thread_only(course):
    with ThreadPoolExecutor() as pool, pytest.raises(RuntimeError, match="main thread"):
        pool.submit(survey, None, None, None).result()


FILE_IN_TINY = f"assignments/a01_tiny/{FILE}"
REVIEWED = """
maths.mean:
  - mutant: 'maths.mean: operation + -> - at `total = x.sum() + 0 * len(x)`'
    reason: Zero may be subtracted as well.
  - mutant: 'maths.mean: term without + 0 * len(x) at `total = x.sum() + 0 * len(x)`'
    reason: Zero times anything adds nothing.
  - mutant: 'maths.mean: operation * -> / at `total = x.sum() + 0 * len(x)`'
    reason: Zero divided by anything adds nothing.
  - mutant: 'maths.mean: term without * len(x) at `total = x.sum() + 0 * len(x)`'
    reason: Zero times anything adds nothing.
maths.scale:
  - mutant: 'maths.scale: operation + -> - at `return factor * x + 0.0`'
    reason: Zero may be subtracted as well.
  - mutant: 'maths.scale: term without + 0.0 at `return factor * x + 0.0`'
    reason: Zero adds nothing.
"""
ENTRY = "  - mutant: '{}'\n    reason: Nothing but a test.\n"
REFUSED = {
    "a survivor that is not listed": (
        ("operation + -> - at `return", "operation * -> / at `return"),
        "checks.py:29: generated mutant survives every check: maths.scale: operation + -> - at",
    ),
    "an entry that is killed": (
        ("", ENTRY.format("maths.scale: operation * -> / at `return factor * x + 0.0`")),
        f"{FILE}:16: is killed by a check, so remove the entry: maths.scale: operation * -> /",
    ),
    "an entry that nothing generates": (
        ("", ENTRY.format("maths.scale: operation + -> - at `return x`")),
        f"{FILE}:16: names no generated mutant: maths.scale: operation + -> - at `return x`",
    ),
    "an entry of another exercise": (
        ("", ENTRY.format("maths.mean: operation + -> - at `total = x.sum() + 0 * len(x)`")),
        f"{FILE}:16: names no generated mutant: maths.mean: operation + -> -",
    ),
    "an entry that is listed twice": (
        ("", ENTRY.format("maths.scale: term without + 0.0 at `return factor * x + 0.0`")),
        f"{FILE}:16: listed twice: maths.scale: term without + 0.0",
    ),
    "an exercise that does not exist": (
        ("", "maths.scales: []\n"),
        f"{FILE}:16: 'maths.scales' is no exercise here. Did you mean 'maths.scale'?",
    ),
    "an entry without a reason": (
        ("", "  - mutant: x\n"),
        f"{FILE}:16: maths.scale.2.reason: Field required",
    ),
    "an empty reason": (
        ("reason: Zero adds nothing.", "reason: ''"),
        f"{FILE}:15: maths.scale.1.reason: String should have at least 10 characters",
    ),
    "an unknown key": (
        ("", "    line: 3\n"),
        f"{FILE}:16: maths.scale.1.line: Extra inputs are not permitted",
    ),
    "a file that is no mapping": ((REVIEWED, "- x\n"), f"{FILE}:1: the file: Input should be"),
    "a file that is no YAML": ((REVIEWED, "a: 'x\n"), f"{FILE}:2: not valid YAML:"),
}


def test_the_tiny_course_is_reviewed(tiny):
    tiny.write(FILE_IN_TINY, REVIEWED)
    require_reviewed(*tiny_survey(tiny))
    assignment = tiny.load().assignments["a01_tiny"]
    entries, _ = read_reviewed(assignment, "equivalent.yml", Equivalent)
    assert entries["maths.scale"][1].reason == "Zero adds nothing."


def test_without_a_file_every_survivor_is_a_gap(tiny):
    (tiny.root / "assignments/a01_tiny/equivalent.yml").unlink()
    with pytest.raises(CourseError) as caught:
        require_reviewed(*tiny_survey(tiny))
    assert len(caught.value.problems) == 6


@pytest.mark.parametrize("name", REFUSED)
def test_a_rotten_review_is_refused(tiny, name):
    (old, new), message = REFUSED[name]
    tiny.write(FILE_IN_TINY, REVIEWED.replace(old, new) if old else REVIEWED + new)
    with pytest.raises(CourseError) as caught:
        require_reviewed(*tiny_survey(tiny))
    assert any(message in str(problem) for problem in caught.value.problems), caught.value
