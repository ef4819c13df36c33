"""The code that students receive: in an order that runs, and nothing of a solution."""

from textwrap import dedent

from autograder.errors import Problem
from autograder.model import Assignment
from autograder.packaging.given import Given, bound_names

SOURCES = {
    "losses": '''
        """Losses."""

        import numpy as np

        LOW, HIGH = 1, 2
        FACTORS: dict = {"low": LOW}


        def loss(x):
            """Return the loss.

            Parameters
            ----------
            x : ndarray
            """
            x = np.asarray(x)
            # SOLUTION
            return x.sum() * FACTORS["low"]


        LOSSES = {"loss": loss, "high": HIGH}
    ''',
    "training": '''
        from reference.losses import LOSSES as KNOWN
        from reference.losses import LOSSES


        def train(x):
            """Train."""
            return LOSSES["loss"](x)
    ''',
}


def given(*names, tmp_path):
    assignment = Assignment("a", "A", tmp_path, (), {}, {}, ())
    collected = Given({name: dedent(text) for name, text in SOURCES.items()}, assignment)
    assert collected.give(names, Problem(tmp_path, 1, "{setup}")) == []
    return collected.source()


def test_given_code_runs_whatever_depends_on_what(tmp_path):
    text = given("training.train", tmp_path=tmp_path)
    names = {}
    exec(text, names)
    assert names["train"]([1, 2]) == 3
    assert text.index("LOW, HIGH = 1, 2") < text.index("def loss") < text.index("LOSSES = {")


def test_given_code_holds_no_marker_and_the_first_words_of_its_docstrings(tmp_path):
    text = given("losses.loss", tmp_path=tmp_path)
    assert "SOLUTION" not in text
    assert '    """Return the loss."""\n    x = np.asarray(x)\n    return' in text


def test_names_that_are_bound_together_are_all_found():
    import ast

    (statement,) = ast.parse("GOOD, (FAIR, *REST) = values").body
    assert bound_names(statement) == ["GOOD", "FAIR", "REST"]
