"""The cutter: what goes, what stays, and that it fails closed."""

from pathlib import Path
from textwrap import dedent

import pytest

from autograder.authoring.stubs import cut, marked_up, stray_markers
from autograder.errors import CourseError

PATH = Path("reference/x.py")


def cut_text(source, *targets):
    return cut(PATH, dedent(source).lstrip(), targets or ("f",))


CUTS = {
    "without a marker the whole body after the docstring goes": (
        '''
        def f(x):
            """Doc."""
            # how
            y = x
            return y
        ''',
        '''
        def f(x):
            """Doc."""
            raise NotImplementedError("your code here: f")
        ''',
    ),
    "without a docstring the whole body goes": (
        """
        def f(
            x,  # an argument
            y=1,
        ):
            # how
            return x
        """,
        """
        def f(
            x,  # an argument
            y=1,
        ):
            raise NotImplementedError("your code here: f")
        """,
    ),
    "a marker keeps what stands before it": (
        """
        def f(x):
            check(x)
            # SOLUTION
            y = x
            return y


        def g(x):
            return x
        """,
        """
        def f(x):
            check(x)
            raise NotImplementedError("your code here: f")


        def g(x):
            return x
        """,
    ),
    "a marker in a nested block ends with that block": (
        """
        def f(x):
            if x:
                # SOLUTION
                y = 1
                # still the same block
            else:
                y = 2
            return y
        """,
        """
        def f(x):
            if x:
                raise NotImplementedError("your code here: f")
            else:
                y = 2
            return y
        """,
    ),
    "two markers in two blocks make two holes": (
        """
        def f(x):
            if x:
                # SOLUTION
                y = 1
            else:
                # SOLUTION
                y = 2
            return y
        """,
        """
        def f(x):
            if x:
                raise NotImplementedError("your code here: f")
            else:
                raise NotImplementedError("your code here: f")
            return y
        """,
    ),
    "statements on several lines and comments at the end go too": (
        '''
        def f(x):
            """Doc."""
            # SOLUTION
            y = g(
                x,
            )
            return """
        not the end
            """ + y
            # the trick is to add y

        z = 1
        ''',
        '''
        def f(x):
            """Doc."""
            raise NotImplementedError("your code here: f")

        z = 1
        ''',
    ),
    "a marker in a string is text": (
        '''
        def f(x):
            """Doc.

            # SOLUTION
            """
            return x
        ''',
        '''
        def f(x):
            """Doc.

            # SOLUTION
            """
            raise NotImplementedError("your code here: f")
        ''',
    ),
}


@pytest.mark.parametrize("name", CUTS)
def test_the_cut(name):
    source, stub = CUTS[name]
    assert cut_text(source).source == dedent(stub).lstrip()


def test_a_method_is_cut_and_a_class_in_all_its_methods():
    source = """
    class C:
        def a(self):
            return 1

        def b(self):
            return 2
    """
    assert cut_text(source, "C.a").source.count("raise NotImplementedError") == 1
    both = cut_text(source, "C").source
    assert "your code here: C.a" in both
    assert "your code here: C.b" in both


def test_every_statement_of_a_solution_is_reported():
    stub = cut_text(CUTS["a marker in a nested block ends with that block"][0])
    assert stub.solution == ("y = 1",)


def test_a_stub_is_valid_python_and_raises_when_called():
    names = {}
    exec(cut_text(CUTS["two markers in two blocks make two holes"][0]).source, names)
    with pytest.raises(NotImplementedError, match="your code here: f"):
        names["f"](1)


BAD = {
    "misspelt": ("def f(x):\n    # SOLUTOIN\n    return x\n", 2, "resembles the marker"),
    "lower case": ("def f(x):\n    # solution\n    return x\n", 2, "resembles the marker"),
    "without the space": ("def f(x):\n    #SOLUTION\n    return x\n", 2, "resembles the marker"),
    "with a colon": ("def f(x):\n    # SOLUTION: add\n    return x\n", 2, "resembles the marker"),
    "with an end": ("def f(x):\n    # END SOLUTION\n    return x\n", 2, "resembles the marker"),
    "after code": ("def f(x):\n    return x  # SOLUTION\n", 2, "after code resembles"),
    "at another indentation": (
        "def f(x):\n      # SOLUTION\n    return x\n",
        2,
        "same indentation",
    ),
    "inside a statement": (
        "def f(x):\n    y = [\n    # SOLUTION\n        1,\n    ]\n    return y\n",
        3,
        "before a statement",
    ),
    "at the end of a block": ("def f(x):\n    y = x\n    # SOLUTION\n", 3, "nothing to cut"),
    "in another": (
        "def f(x):\n    # SOLUTION\n    if x:\n        # SOLUTION\n        return x\n    return 1\n",
        4,
        "inside another",
    ),
    "body on the line of def": ("def f(x): return x\n", 1, "lines of its own"),
    "nothing but a docstring": ('def f(x):\n    """Doc."""\n', 1, "no code to cut"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_clearly_a_marker_is_an_error_with_its_line(name):
    source, line, message = BAD[name]
    with pytest.raises(CourseError, match=message) as caught:
        cut(PATH, source, ("f",))
    assert f"reference/x.py:{line}: " in str(caught.value)


def test_ordinary_comments_may_speak_of_solutions():
    source = "def f(x):\n    # the solution of the quadratic is stable\n    return x\n"
    assert "quadratic" not in cut(PATH, source, ("f",)).source


def test_a_marker_in_no_target_is_reported():
    source = "def f(x):\n    return x\n\n\ndef g(x):\n    # SOLUTION\n    return x\n"
    (problem,) = stray_markers(PATH, source, ("f",))
    assert problem.line == 6
    assert stray_markers(PATH, source, ("f", "g")) == []


def test_otters_markup_keeps_the_solution_and_carries_our_hole():
    marked = marked_up(
        PATH, CUTS["a marker keeps what stands before it"][0].replace("\n        ", "\n"), ("f",)
    )
    assert "# BEGIN SOLUTION NO PROMPT\n    y = x\n    return y\n    # END SOLUTION\n" in marked
    assert '    raise NotImplementedError("your code here: f")\n' in marked
    compile(marked, "marked", "exec")
