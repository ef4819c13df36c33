"""Which names a cell binds and uses, read from its text."""

import pytest

from autograder.grading.names import bound, statements, used


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", {"x"}),
        ("x, (y, *z) = f()", {"x", "y", "z"}),
        ("def f(a):\n    b = a", {"f"}),
        ("class A:\n    x = 1", {"A"}),
        ("import numpy as np, os.path", {"np", "os"}),
        ("for i in range(3):\n    j = i", {"i", "j"}),
        ("with open('x') as file:\n    pass", {"file"}),
        ("try:\n    x = 1\nexcept E as error:\n    y = 2\nelse:\n    z = 3", {"x", "y", "z", "error"}),
        ("if (n := 3) > 2:\n    pass", {"n"}),
        ("[i for i in x]", set()),
        ("def f():\n    global table\n    table = 1", {"f", "table"}),
        ("x += 1", {"x"}),
        ("%matplotlib inline\nx = 1", {"x"}),
        ("def f(:", set()),
    ],
)  # fmt: skip
def test_a_cell_binds(source, expected):
    assert bound(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = y", {"y"}),
        ("x = 1\nprint(x)", {"print"}),
        ("print(x)\nx = 1", {"print", "x"}),
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("def f(a):\n    return a + b", {"b"}),
        ("def f():\n    return g()\ndef g():\n    return 1", set()),
        ("import numpy as np\nnp.ones(3)", set()),
        ("np.ones(3)\nimport numpy as np", {"np"}),
        ("for i in range(n):\n    i", {"range", "n"}),
        ("[i for i in x]", {"x"}),
        ("try:\n    f()\nexcept E as error:\n    print(error)", {"f", "E", "print"}),
        ("class A(B):\n    x = y", {"B", "y"}),
        ("lambda a: a + c", {"c"}),
        ("if n:\n    x = 1\nelse:\n    y = x", {"n"}),
        ("def f(:\n  words here", {"def", "f", "words", "here"}),
    ],
)
def test_a_cell_uses(source, expected):
    assert used(source) == expected


def test_statements_come_with_their_text_and_decorators():
    source = "if True:\n    @cached\n    def f(x):\n        return x\ny = f(1); z = 2"
    assert statements(source) == (
        ("f", "@cached\ndef f(x):\n    return x"),
        ("y", "y = f(1); z = 2"),
        ("z", "y = f(1); z = 2"),
    )
