"""`gradus validate`."""

from tests.cli.runs import gradus


def test_a_broken_law_is_exit_code_1(tiny):
    tiny.edit("assignments/a01_tiny/checks.py", 'new="total", hint', 'new="x.sum() / len(x)", hint')
    done = gradus(tiny.root, "validate", "--matrix")
    assert done.returncode == 1
    assert "law 3: " in done.stderr
    assert "checks.py:" in done.stderr
    assert "  sum: survives" in done.stdout


def test_validate_says_that_all_is_well(tiny):
    done = gradus(tiny.root, "validate")
    assert done.returncode == 0, done.stderr
    assert "a01_tiny: no broken laws" in done.stdout
