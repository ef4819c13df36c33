import json
import zipfile

import pytest

from autograder.errors import MalformedError, UsageError
from autograder.grading.submissions import Submission, find_submissions, read_cells
from tests.notebooks import zipped

NAMES = ["a01_tiny", "a02_more"]
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(NOTEBOOK)


def found(folder, only=None):
    return [(each.assignment, each.student) for each in find_submissions(folder, NAMES, only)]


def test_submissions_are_found_in_every_layout(tmp_path):
    put(
        tmp_path,
        "a01_tiny/zoë.ipynb",
        "a01_tiny/bob/deep/hw 1 (2).ipynb",
        "a01_tiny/.ipynb_checkpoints/zoë.ipynb",
        "a01_tiny/notes.txt",
        "a02_more/ann.ipynb",
    )
    zipped(tmp_path / "a01_tiny/carl.zip", {"hw.ipynb": NOTEBOOK})
    expected = [("a01_tiny", "bob"), ("a01_tiny", "carl"), ("a01_tiny", "zoë"), ("a02_more", "ann")]
    assert found(tmp_path) == expected
    assert found(tmp_path, "a01_tiny") == expected[:3]
    assert found(tmp_path / "a01_tiny") == expected[:3]
    assert found(tmp_path / "a02_more/ann.ipynb", "a02_more") == [("a02_more", "ann")]
    for each in find_submissions(tmp_path, NAMES):
        assert each.read_bytes() == NOTEBOOK.encode()


def test_what_cannot_be_found_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="does not exist"):
        found(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="holds no submission"):
        found(tmp_path)
    with pytest.raises(
        UsageError, match=r"there is no assignment 'a01_tyni'.* Did you mean 'a01_tiny'"
    ):
        found(tmp_path, "a01_tyni")
    put(tmp_path, "a1_tiny/ann.ipynb")
    with pytest.raises(
        UsageError, match=r"a1_tiny belongs to no assignment .* Did you mean 'a01_tiny'"
    ):
        found(tmp_path)


def test_a_folder_must_hold_one_notebook(tmp_path):
    put(tmp_path, "ann/one.ipynb", "ann/two.ipynb")
    (tmp_path / "bob").mkdir()
    with pytest.raises(
        MalformedError, match=r"2 notebooks were handed in \(one.ipynb, two.ipynb\)"
    ):
        Submission("a01_tiny", "ann", tmp_path / "ann").read_bytes()
    with pytest.raises(MalformedError, match="holds no notebook"):
        Submission("a01_tiny", "bob", tmp_path / "bob").read_bytes()


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"a.ipynb": "1", "b.ipynb": "2"}, "holds 2 notebooks"),
        ({"a.txt": "1"}, "holds 0 notebooks"),
        ({"__MACOSX/a.ipynb": "1", ".OTTER_LOG": "x"}, "holds 0 notebooks"),
    ],
)
def test_a_zip_must_hold_one_notebook(tmp_path, members, message):
    path = zipped(tmp_path / "ann.zip", members)
    with pytest.raises(MalformedError, match=message):
        Submission("a01_tiny", "ann", path).read_bytes()


def test_a_broken_zip_is_malformed(tmp_path):
    path = tmp_path / "ann.zip"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(MalformedError, match="not a readable zip"):
        Submission("a01_tiny", "ann", path).read_bytes()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_malformed_however_it_was_packed(tmp_path, method):
    path = tmp_path / "ann.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.ipynb", NOTEBOOK)
    data = path.read_bytes()
    start = data.index(b"a.ipynb") + len("a.ipynb")
    for place in range(start, start + 60):
        path.write_bytes(data[:place] + b"\xff" * 8 + data[place + 8 :])
        with pytest.raises(MalformedError, match="not a readable zip"):
            Submission("a01_tiny", "ann", path).read_bytes()


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
    assert [(cell.index, cell.source) for cell in read_cells(data)] == [
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
    assert [cell.source for cell in read_cells(READABLE[name])] == ["x"]


UNREADABLE = {
    "truncated": (cells_of({**CODE, "source": "x"})[:-9], "broken JSON at line 1"),
    "empty": (b"", "broken JSON"),
    "not UTF-8": (b'{"cells": "\xff\xfe"}', "byte 11 is not UTF-8"),
    "a list": (b"[]", "without nbformat and cells"),
    "another JSON": (b'{"a": 1}', "without nbformat and cells"),
    "no cells": (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "not a notebook"),
    "cells that are no list": (cells_of(cells="x"), "not a notebook"),
    "a cell that is no cell": (cells_of(7), "not a notebook"),
    "a source that is a number": (cells_of({**CODE, "source": 7}), "not a notebook"),
    "nested too deeply": (b"[" * 100_000, "broken JSON"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_malformed_with_the_reason(name):
    data, message = UNREADABLE[name]
    with pytest.raises(MalformedError, match=message):
        read_cells(data)
