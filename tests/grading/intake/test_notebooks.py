import json

import pytest

from autograder.errors import MalformedError
from autograder.grading.intake.choices import Document
from autograder.grading.intake.notebooks import read_notebook


def read(data, name="hw.ipynb"):
    return read_notebook(Document(name, data))


def cells(data, name="hw.ipynb"):
    return read(data, name).cells


def cells_of(*cells, **rest):
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **rest}
    ).encode()


CODE = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "id": "a"}
TEXT = {"cell_type": "markdown", "metadata": {}, "source": "text", "id": "b"}


def test_code_cells_keep_their_place_and_empty_ones_go():
    data = cells_of(
        TEXT,
        {**CODE, "source": ["x = 1\n", "y = 2"]},
        {**CODE, "source": " \n"},
        {**CODE, "source": "z"},
    )
    assert [(cell.index, cell.source) for cell in cells(data)] == [
        (1, "x = 1\ny = 2"),
        (3, "z"),
    ]


READABLE = {
    "a byte order mark": b"\xef\xbb\xbf" + cells_of({**CODE, "source": "x"}),
    "duplicate cell ids": cells_of({**CODE, "source": "x"}, {**CODE, "source": " "}),
    "no cell ids": cells_of({key: CODE[key] for key in CODE if key != "id"} | {"source": "x"}),
    "nbformat 4.0 by number": cells_of({**CODE, "source": "x"}, nbformat_minor=0),
    "a field of another program": cells_of(
        {**CODE, "source": "x", "vscode": {"languageId": "python"}}
    ),
    "no kernelspec": cells_of({**CODE, "source": "x"}),
    "nbformat 3": json.dumps(
        {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {"name": ""},
            "worksheets": [
                {
                    "metadata": {},
                    "cells": [
                        {
                            "cell_type": "code",
                            "input": "x",
                            "language": "python",
                            "metadata": {},
                            "outputs": [],
                            "prompt_number": 1,
                            "collapsed": False,
                        }
                    ],
                }
            ],
        }
    ).encode(),
}


@pytest.mark.parametrize("name", READABLE)
def test_notebooks_as_students_leave_them_are_read(name):
    assert [cell.source for cell in cells(READABLE[name])] == ["x"]


UNREADABLE = {
    "truncated": (cells_of({**CODE, "source": "x"})[:-9], "broken JSON at line 1"),
    "empty": (b"", "the file is empty"),
    "not UTF-8": (b'{"cells": "\xff\xfe"}', "byte 11 is not UTF-8"),
    "a list": (b"[]", "without nbformat and cells"),
    "another JSON": (b'{"a": 1}', "without nbformat and cells"),
    "no cells": (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "no list of at most"),
    "a page": (b"<html><title>Log in</title>", r"a web page \(Log in\)"),
    "a PDF": (b"%PDF-1.7 \xff", "but a PDF"),
    "a conflict": (b'{"cells": [\n<<<<<<< HEAD\n]}', "marks of a merge conflict"),
    "too much code": (
        cells_of({**CODE, "source": "x" * 15_000_001}),
        "more than 15,000,000 characters of code",
    ),
    "too many cells": (cells_of(*[{**CODE, "source": "x"}] * 10_001), "at most 10000 cells"),
    "cells that are no list": (cells_of(cells="x"), "not a notebook"),
    "a cell that is no cell": (cells_of(7), "not a notebook"),
    "a source that is a number": (cells_of({**CODE, "source": 7}), "not a notebook"),
    "nested too deeply": (b"[" * 100_000, "broken JSON"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_malformed_with_the_reason(name):
    data, message = UNREADABLE[name]
    with pytest.raises(MalformedError, match=message):
        cells(data)


def test_what_had_to_be_done_to_read_a_notebook_is_remarked():
    data = cells_of({**CODE, "source": "x"})
    assert read(data).remarks == ()
    assert read(data.decode().encode("utf-16")).remarks == ("the file is in UTF-16",)
    assert read(cells_of(TEXT)).remarks == ("there is no code in the notebook",)
    assert read(b"x = 1", "hw.py").remarks == ("handed in as a script, read as a notebook",)


def test_line_ends_are_those_of_python():
    data = cells_of({**CODE, "source": "x = 1\r\ny = 2\rz"})
    assert cells(data)[0].source == "x = 1\ny = 2\nz"


def test_reading_a_notebook_imports_no_nbformat():
    import subprocess
    import sys

    program = (
        "import sys\n"
        "from autograder.grading.intake.choices import Document\n"
        "from autograder.grading.intake.notebooks import read_notebook\n"
        """read_notebook(Document("a.ipynb", b'{"cells": []}'))\n"""
        "sys.exit('nbformat' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
