"""Attacks by the file itself: zips, links, names, and notebooks that are hard to read."""

import io
import os
import zipfile
from collections.abc import Callable

from tests.attacks.attack import FULL, REFUSED, Attack, Place, write_notebook

ZEROS = b"\0" * (1 << 20)


class _Trophy:
    """Writes a trophy when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return (open, (self.path, "w"))


def _zip(*names: str, pad: int = 0, log: bool = False) -> Place:
    """Return what hands in a zip that holds the notebook under each name, padded with zeros."""

    def hand_in(path, data, places):
        import pickle

        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name in names:
                with archive.open(name, "w") as file:
                    file.write(data)
                    for _ in range(pad):
                        file.write(ZEROS)
            if log:
                archive.writestr(".OTTER_LOG", pickle.dumps(_Trophy(str(places.trophy))))

    return hand_in


def _spoiled(change: Callable[[bytearray], None]) -> Place:
    """Return what hands in a zip whose bytes were changed."""

    def hand_in(path, data, _places):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("hw.ipynb", data)
        spoiled = bytearray(buffer.getvalue())
        change(spoiled)
        path.write_bytes(spoiled)

    return hand_in


def _break_stream(data):
    start = 30 + len("hw.ipynb")
    data[start + 20 : start + 120] = b"\xff" * 100


def _break_directory(data):
    """Let the list of members start before the file does."""
    end = data.rindex(b"PK\x05\x06")
    data[end + 16 : end + 20] = b"\xff\xff\xff\x7f"


def _encrypt(data):
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1


def _link(target: Callable) -> Place:
    return lambda path, _data, places: path.symlink_to(target(places))


def _pipe(path, _data, _places):
    os.mkfifo(path)


def _sparse(path, data, _places):
    """Hand in half a gigabyte of output that takes no room on the disk."""
    path.write_bytes(data)
    os.truncate(path, 500 << 20)


def _bytes(change: Callable[[bytes], bytes]) -> Place:
    return lambda path, data, _places: path.write_bytes(change(data))


def _first_answer(tree):
    return next(each for each in tree["cells"] if each["cell_type"] == "code")


def _many_cells(data):
    cell = b'{"cell_type":"code","metadata":{},"execution_count":null,"outputs":[],"source":"1"},'
    return data.replace(b'"cells": [', b'"cells": [' + cell * 100_000, 1)


def _same_ids(tree):
    for cell in tree["cells"]:
        cell["id"] = "same"


def _surrogates(tree):
    _first_answer(tree)["source"] = "raise ValueError('\ud800 \U0001f600 \x00 \u202e \x9b31m')"


def _long_source(tree):
    _first_answer(tree)["source"] = "x = " + "-" * 1_000_000 + "1"


def _strange_values(tree):
    tree["metadata"].update(title="x" * 100_000, kernelspec={"name": "../../sh", "argv": ["rm"]})
    tree["nbformat_minor"] = 5


def file(name, score, hand_in, **more):
    """Make an attack by a file that only Gradus is given."""
    return Attack(name, score, hand_in=hand_in, portable=False, **more)


SUBMITTING = (
    file("hand in a zip bomb", REFUSED, _zip("hw.ipynb", pad=300), file="bomb.zip"),
    file("hand in a zip of two notebooks", FULL, _zip("a.ipynb", "b.ipynb"), file="two.zip"),
    file(
        "leave the folder by a name in a zip",
        FULL,
        _zip("../../../honest-0.ipynb"),
        file="traversal.zip",
        may_be_refused=True,
    ),
    file(
        "leave the folder by an absolute name in a zip",
        FULL,
        _zip("/tmp/gradus-attack.ipynb"),
        file="absolute.zip",
        may_be_refused=True,
    ),
    file(
        "hand in a pickle as otter's log",
        FULL,
        _zip("hw.ipynb", log=True),
        file="log.zip",
    ),
    file("hand in a zip with a broken stream", REFUSED, _spoiled(_break_stream), file="broken.zip"),
    file(
        "hand in a zip whose directory lies before its start",
        REFUSED,
        _spoiled(_break_directory),
        file="directory.zip",
    ),
    file("hand in an encrypted zip", REFUSED, _spoiled(_encrypt), file="encrypted.zip"),
    file("hand in half a gigabyte of output", REFUSED, _sparse),
    file("hand in a hundred thousand cells", REFUSED, _bytes(_many_cells)),
    file("hand in bytes that are no UTF-8", REFUSED, _bytes(lambda data: b"\xff" + data)),
    file("hand in lists a million deep", REFUSED, _bytes(lambda data: b"[" * 1_000_000)),
    file(
        "hand in a number of a million digits",
        REFUSED,
        _bytes(lambda data: data.replace(b'"nbformat": 4', b'"nbformat": ' + b"4" * 1_000_000)),
    ),
    file("link to another student's notebook", REFUSED, _link(lambda places: places.victim)),
    file("link to a file of the grader's user", REFUSED, _link(lambda places: places.secret)),
    file("link to a device without end", REFUSED, _link(lambda _places: "/dev/zero")),
    file("hand in a named pipe", REFUSED, _pipe),
    file("have a name that is a formula", FULL, write_notebook, file="=cmd|' !A0',\"x\".ipynb"),
    file(
        "have a name of terminal sequences and line ends",
        FULL,
        write_notebook,
        file="\x1b]0;owned\x07\x1b[2J\r\na01_tiny,honest-0,99,4\n<script>.ipynb",
    ),
    file(
        "have a name that is no UTF-8",
        FULL,
        write_notebook,
        file=os.fsdecode(b"\xff\xfe.ipynb"),
        may_be_refused=True,
    ),
    file("have a very long name", FULL, write_notebook, file="\u1e9e" * 80 + ".ipynb"),
    Attack("give all cells one id", FULL, alter=_same_ids),
    Attack("hold characters that are none", FULL, alter=_surrogates),
    Attack("hold a million signs in a row", FULL, alter=_long_source),
    Attack("ask for a kernel of its own", FULL, alter=_strange_values),
)
