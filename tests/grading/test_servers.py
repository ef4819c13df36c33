"""Which sandbox server a notebook gets, and that each of them runs it."""

import pytest

from autograder.grading.servers import Servers, needs_libraries
from autograder.model import CodeCell
from autograder.sandbox.server import Limits


@pytest.mark.parametrize(
    "source",
    [
        "x = 1  # it is important",
        "import numpy as np",
        "import math, numpy as np\nfrom collections.abc import Mapping",
        "from numpy.linalg import norm\nimport os.path",
        "def f():\n    import itertools\n    return itertools",
    ],
)
def test_numpy_and_the_standard_library_are_always_there(source):
    assert not needs_libraries(source)


@pytest.mark.parametrize(
    "source",
    [
        "import matplotlib.pyplot as plt",
        "import numpy as np, matplotlib",
        "from scipy.special import expit",
        "%matplotlib inline",
        "if True: import pandas",
        "x = 1; import pandas as pd",
        "plt = __import__('matplot' + 'lib').pyplot",
        "import importlib",
    ],
)
def test_everything_else_may_need_more(source):
    assert needs_libraries(source)


def test_a_server_starts_when_it_is_needed_and_all_end_together():
    servers = Servers(Limits(), frozenset())
    plain, plotting = ([CodeCell(0, f"import {name}")] for name in ("math", "matplotlib.pyplot"))
    look = "import sys\ndef f(): return 'matplotlib' in sys.modules"
    try:
        for cells, loaded in ((plain, False), (plotting, True), (plain, False)):
            with servers(cells).spawn(0) as worker:
                worker.run_cell(0, look)
                assert worker.call("f").value is loaded
        assert servers(plain) is servers(plain) is not servers(plotting)
        assert servers.killed == 0
    finally:
        servers.close()
