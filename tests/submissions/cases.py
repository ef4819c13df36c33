"""The cases of the corpus, each a function from a sheet to the files of one student."""

import json
import os
import struct

from tests.submissions.make import KERNEL, answer
from tests.submissions.notebooks import (
    code,
    dumped,
    nbconvert,
    packed,
    percent,
    text,
    v3,
    v4,
)

IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
LOGIN = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Log in to the learning platform</title></head>
<body><form action="/login" method="post"><input name="user"><input name="password"></form></body></html>
"""
COLAB = {
    "colab": {"provenance": [], "toc_visible": True, "authorship_tag": "ABX9TyN"},
    "kernelspec": {"name": "python3", "display_name": "Python 3"},
    "language_info": {"name": "python"},
}
VSCODE = {
    "kernelspec": {"display_name": ".venv (3.12.3)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "version": "3.12.3", "file_extension": ".py"},
    "vscode": {"interpreter": {"hash": "0" * 64}},
}
DEEPNOTE = {
    "deepnote": {},
    "deepnote_execution_queue": [],
    "deepnote_notebook_id": "2f0c8d7e0e0b4cfa8d6d4f7c1a2b3c4d",
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
}
KAGGLE = {
    **KERNEL,
    "kaggle": {"accelerator": "none", "dataSources": [], "isInternetEnabled": True},
    "papermill": {"duration": 9.1, "exception": None, "version": "2.4.0"},
}


def one(name, build):
    """Return a case of a single notebook."""
    return lambda sheet: {f"{name}.ipynb": build(sheet)}


def inserted(sheet, *sources, number=0, place=3, **changed):
    """Return a notebook with further code cells."""
    cells = sheet.cells(number, **changed)
    cells[place:place] = [code(source) for source in sources]
    return v4(cells, KERNEL)


def before_setup(sheet, lines):
    """Return a notebook whose first code cell begins with further lines."""
    cells = sheet.cells()
    cells[1] = code(f"{lines}\n{sheet.setup}")
    return v4(cells, KERNEL)


def colab(sheet):
    cells = sheet.cells(1)
    for number, cell in enumerate(cells):
        cell["metadata"] = {
            "id": f"{number:012d}",
            "colab": {"base_uri": "https://localhost:8080/"},
        }
    mount = "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive"
    cells.insert(1, code(mount))
    return v4(cells, COLAB, minor=0)


def vscode(sheet):
    cells = sheet.cells(2)
    for cell in cells:
        cell["metadata"] = {"vscode": {"languageId": "python"}}
    return v4(cells, VSCODE, minor=2)


def deepnote(sheet):
    cells = sheet.cells(3)
    for number, cell in enumerate(cells):
        cell["metadata"] = {"cell_id": f"{number:032x}", "deepnote_cell_type": cell["cell_type"]}
    return v4(cells, DEEPNOTE, minor=0)


def duplicated(sheet, name, first, last):
    """Return a notebook in which an exercise is answered twice."""
    cells = sheet.cells(**{name: first})
    cells.append(code(last))
    return v4(cells, KERNEL)


def swapped(sheet):
    """Return a notebook whose answers stand in the opposite order."""
    cells = sheet.cells(1)
    return v4([*cells[:3], *reversed(cells[3:])], KERNEL)


def with_outputs(sheet):
    cells = sheet.cells(2)
    cells[3]["metadata"] = {"collapsed": True, "scrolled": False, "tags": ["keep"]}
    plot = {"image/png": IMAGE, "text/plain": ["<Figure size 640x480 with 1 Axes>"]}
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "a1", "version_major": 2}}
    cells.insert(
        3,
        code(
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
            outputs=[
                {"output_type": "display_data", "data": plot, "metadata": {}},
                {"output_type": "display_data", "data": widget, "metadata": {}},
                {"output_type": "stream", "name": "stdout", "text": ["done\n"]},
            ],
        ),
    )
    state = {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}}
    return v4(cells, {**KERNEL, "widgets": state})


def in_one_cell(sheet):
    sources = [sheet.setup, *sheet.answers(1).values()]
    return v4([code("\n\n\n".join(sources))], KERNEL)


def as_raw(sheet, name):
    """Return a notebook in which an answer's cell became text."""
    cells = sheet.cells()
    cells[answer(cells, name)]["cell_type"] = "raw"
    return v4(cells, KERNEL)


def conflict(sheet):
    lines = sheet.notebook().decode().split("\n")
    lines[9:9] = ["<<<<<<< HEAD", '   "x = 1\\n",', "=======", '   "x = 2\\n",', ">>>>>>> main"]
    return "\n".join(lines).encode()


def twice(sheet, first, second):
    return {first: sheet.notebook(), second: sheet.notebook(1)}


def crlf(sheet):
    cells = sheet.cells()
    for cell in cells:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return v4(cells, KERNEL).replace(b"\n", b"\r\n")


def without(sheet, *keys):
    """Return a notebook that lacks some of its fields."""
    raw = json.loads(sheet.notebook())
    return dumped({key: value for key, value in raw.items() if key not in keys})


def encrypted(sheet):
    """Return a zip that says that its member is encrypted."""
    data = bytearray(packed({"a03.ipynb": sheet.notebook()}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(signature) + place
        (flags,) = struct.unpack_from("<H", data, start)
        struct.pack_into("<H", data, start, flags | 1)
    return bytes(data)


ADAM = "def adam(theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):"

COMMITTED = {
    "a06_optimizers": [
        one("format-2", lambda s: v3(s.cells(), version=2)),
        one("format-3", lambda s: v3(s.cells(1))),
        one("format-4.0", lambda s: v4(s.cells(2), KERNEL, minor=0)),
        one("format-4.1", lambda s: v4(s.cells(3), KERNEL, minor=1)),
        one("format-4.4", lambda s: v4(s.cells(), KERNEL, minor=4)),
        one("format-4.5", lambda s: s.notebook(1)),
        one("format-5", lambda s: s.notebook(2).replace(b'"nbformat": 4', b'"nbformat": 5')),
        one("no-format", lambda s: without(s, "nbformat", "nbformat_minor", "metadata")),
        one("no-kernelspec", lambda s: s.notebook(3, metadata={})),
        one("kernel-of-r", lambda s: s.notebook(metadata={"kernelspec": {"name": "ir", "language": "R"}})),
        one("colab", colab),
        one("vscode", vscode),
        one("deepnote", deepnote),
        one("kaggle", lambda s: s.notebook(1, metadata=KAGGLE)),
        one("byte-order-mark", lambda s: b"\xef\xbb\xbf" + s.notebook(2)),
        one("crlf", crlf),
        one("utf-16", lambda s: s.notebook(3).decode().encode("utf-16")),
        one("utf-16-no-mark", lambda s: s.notebook().decode().encode("utf-16-le")),
        one("one-line", lambda s: dumped(json.loads(s.notebook(1)), indent=None)),
        one("sources-as-text", lambda s: v4(s.cells(2), KERNEL, as_lines=False)),
        one("same-cell-ids", lambda s: v4(s.cells(3), KERNEL, ids="cell")),
        one("reordered", swapped),
        one("one-cell", in_one_cell),
        one("deleted-answers", lambda s: s.notebook(sgd=None, adam=None)),
        one("deleted-setup", lambda s: v4([code("import numpy as np"), *s.cells()[3:]], KERNEL)),
        one("renamed-function", lambda s: s.notebook(sgd=s.answers()["sgd"].replace("def sgd", "def SGD"))),
        one("renamed-and-named-back", lambda s: s.notebook(
            sgd=s.answers()["sgd"].replace("def sgd", "def my_sgd") + "\n\n\nsgd = my_sgd")),
        one("answer-as-text", lambda s: as_raw(s, "clip_by_value")),
        one("stub-below-answer", lambda s: duplicated(
            s, "adam", s.answers()["adam"], f'{ADAM}\n    raise NotImplementedError("your code here: adam")')),
        one("mended-below", lambda s: duplicated(
            s, "adam", f"{ADAM}\n    return theta, state", s.answers()["adam"])),
        one("syntax-error", lambda s: s.notebook(momentum="def momentum(theta, grad, state, *, lr, beta=0.9)\n    return theta, {}")),
        one("tabs-and-spaces", lambda s: inserted(s, "if True:\n\tx = 1\n        y = 2")),
        one("empty-cells", lambda s: inserted(s, "", "   \n\t", "# nothing yet")),
        one("magics", lambda s: inserted(
            s, "%load_ext autoreload\n%autoreload 2\n%matplotlib inline", "!pip install numpy\n!ls -la",
            "%%time\nsum(range(10))", "%%bash\necho hello", "%timeit -n 1 -r 1 sum(range(10))", "np.linspace?")),
        one("magics-before-imports", lambda s: before_setup(s, "%matplotlib widget\n%config InlineBackend.figure_format = 'retina'\n!pip install -q numpy")),
        one("input", lambda s: inserted(s, 'name = input("Your name: ")\nprint(name)')),
        one("plots-and-widgets", with_outputs),
        one("package-missing", lambda s: before_setup(s, "import altair as alt, sys\nfrom jax import nn\nalt.theme if 'alt' in globals() else None")),
        one("package-tried", lambda s: before_setup(s, "try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None")),
        one("exit", lambda s: inserted(s, "exit()", "import sys\nsys.exit(0)", "raise KeyboardInterrupt")),
        one("reset", lambda s: v4([code("%reset -f"), *s.cells()], KERNEL)),
        one("numpy-raises", lambda s: inserted(s, "np.seterr(all='raise')\nnp.set_printoptions(precision=2)")),
        one("names-of-python-hidden", lambda s: v4([*s.cells(), code("list = [1]\nsum = 3\nprint = None")], KERNEL)),
        one("files-written", lambda s: inserted(s, "np.save('weights.npy', np.ones(3))", "open('log.txt', 'w').write('x')")),
        one("untouched", lambda s: s.notebook(**{n: f'def {n}(*args, **kwargs):\n    raise NotImplementedError("your code here: {n}")' for n in s.answers()})),
        one("only-text", lambda s: v4([text("# Optimizers"), text("I did it on paper.")], KERNEL)),
        one("empty", lambda _: b""),
        one("blank", lambda _: b"\xef\xbb\xbf \r\n\r\n"),
        one("web-page", lambda _: LOGIN.encode()),
        one("truncated", lambda s: s.notebook()[:-400]),
        one("merge-conflict", conflict),
        one("other-json", lambda _: b'{"name": "homework", "dependencies": {}}\n'),
        one("list-of-cells", lambda s: dumped(json.loads(s.notebook())["cells"])),
        one("cells-are-texts", lambda _: b'{"cells": ["x = 1"], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
        one("latin-1", lambda s: s.notebook().replace(b"# Optim", b"# \xd6ptim").replace(b"### `adam`", b"### \xe9")),
        one("pdf", lambda _: b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"),
        one("a-zip-in-disguise", lambda s: packed({"a06_optimizers.ipynb": s.notebook(1)})),
        lambda s: {"ending-txt.ipynb.txt": s.notebook(2)},
        lambda s: {"ending-json.json": s.notebook(3)},
        lambda _: {"saved-page/a06_optimizers.html": LOGIN.encode()},
        lambda s: {"nested/submission/final/really final/a06.ipynb": s.notebook()},
        lambda s: {f"two-notebooks/{k}": v for k, v in twice(s, "first.ipynb", "second.ipynb").items()},
        lambda s: {"same-notebook-twice/hw.ipynb": s.notebook(2), "same-notebook-twice/copy/hw.ipynb": s.notebook(2)},
        lambda s: {"later-copy/hw.ipynb": s.notebook(sgd=None), "later-copy/hw (1).ipynb": s.notebook()},
        lambda s: {"named-after-assignment/a06-optimizers.ipynb": s.notebook(1), "named-after-assignment/scratch.ipynb": v4([code("1 + 1")], KERNEL)},
        lambda s: {"empty-copy/a06.ipynb": b"", "empty-copy/a06 (1).ipynb": b"", "empty-copy/hw.ipynb": s.notebook(3)},
        lambda _: {"no-notebook/report.docx": b"PK\x03\x04", "no-notebook/photo.jpg": b"\xff\xd8\xff"},
        lambda s: {"zip.zip": packed({"hw/a06.ipynb": s.notebook(), "hw/data.csv": b"1,2\n"})},
        lambda s: {"zip-of-macos.zip": packed({"hw/a06.ipynb": s.notebook(1), "__MACOSX/hw/._a06.ipynb": b"\x00\x05\x16\x07", "hw/.DS_Store": b"\x00"})},
        lambda s: {"zip-of-windows.zip": packed({"hw\\a06.ipynb": s.notebook(2)})},
        lambda s: {"zip-in-zip.zip": packed({"upload.zip": packed({"a06.ipynb": s.notebook(3)}), "notes.txt": b"see zip"})},
        lambda s: {"zip-of-otter.zip": packed({"a06_optimizers.ipynb": s.notebook(), ".OTTER_LOG": b"\x80\x04N.", "__zip_filename__": b"a06.zip"})},
        lambda s: {"otter-twice/a06_optimizers_2026_11_19T10_00_00_000001.zip": packed({"a06.ipynb": s.notebook(sgd=None)}),
                   "otter-twice/a06_optimizers_2026_11_20T09_00_00_000001.zip": packed({"a06.ipynb": s.notebook()})},
        lambda s: {"zip-leading-out.zip": packed({"../../ada/a06.ipynb": s.notebook()})},
        lambda s: {"zip-with-password.zip": encrypted(s)},
        lambda _: {"zip-broken.zip": b"PK\x03\x04 and nothing more"},
        lambda s: {"Zoe\u0308 van Dyk 🎓.ipynb": s.notebook(1)},
        lambda s: {"\u05e9\u05e8\u05d4 \u05db\u05d4\u05df/\u05ea\u05e8\u05d2\u05d9\u05dc.ipynb": s.notebook(2)},
    ],
    "a03_losses": [
        one("alternatives-0", lambda s: s.notebook()),
        one("alternatives-1", lambda s: v4(s.cells(1), VSCODE, minor=4)),
        one("colab", colab),
        one("format-3", lambda s: v3(s.cells(2))),
        one("half-done", lambda s: s.notebook(1, **dict.fromkeys(list(s.answers())[8:]))),
        one("helper-below", lambda s: v4([
            *s.cells(mse="def mse(pred, target):\n    return average(squared(pred, target))"),
            code("def average(x):\n    return float(np.mean(x))\n\n\ndef squared(a, b):\n    if np.shape(a) != np.shape(b):\n        raise ValueError\n    return (as_float(a) - as_float(b)) ** 2")], KERNEL)),
        one("sum-for-mean", lambda s: s.notebook(mae="def mae(pred, target):\n    return np.abs(pred - target).sum()")),
        one("removed-alias", lambda s: s.notebook(entropy="def entropy(p, base=2.0):\n    p = np.asarray(p, dtype=np.float)\n    return -(p * np.log(p)).sum() / np.log(base)")),
        one("lambda", lambda s: s.notebook(mae="mae = lambda pred, target: float(np.mean(np.abs(as_float(pred) - as_float(target))))")),
    ],
    "a01_perceptron": [
        one("alternatives-1", lambda s: s.notebook(1)),
        one("prints", lambda s: inserted(s, "for i in range(100):\n    print('epoch', i)")),
    ],
    "a10_normalization": [
        one("alternatives-2", lambda s: v4(s.cells(2), COLAB, minor=0)),
    ],
}  # fmt: skip


def many_cells(_sheet):
    return v4([code("x = 1")] * 100_000, minor=4)


def large_outputs(sheet):
    """Return a notebook with 44 MB of figures."""
    cells = sheet.cells()
    figure = {"output_type": "display_data", "data": {"image/png": "A" * 2_000_000}, "metadata": {}}
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [figure]
    return v4(cells, KERNEL)


def bomb(_sheet):
    """Return a zip that unpacks to 200 MB."""
    return packed({"a06.ipynb": b" " * 200_000_000})


MADE = [
    lambda s: {"script-of-jupytext.py": percent(s.cells())},
    lambda s: {"script-of-spyder.py": percent(s.cells(1), "#%%")},
    lambda s: {"script-of-nbconvert.py": nbconvert(s.cells(2))},
    lambda s: {"script-without-cells.py": "\n\n\n".join(
        each["source"] for each in s.cells(3) if each["cell_type"] == "code").encode() + b"\n1 / 0\n"},
    one("many-cells", many_cells),
    one("large-outputs", large_outputs),
    lambda s: {"checkpoints/hw/a06.ipynb": s.notebook(1), "checkpoints/hw/.ipynb_checkpoints/a06-checkpoint.ipynb": b"{}"},
    lambda s: {"bomb.zip": bomb(s)},
    one("deep", lambda _: b"[" * 1_000_000),
    lambda s: {"n" * 200 + "/a06.ipynb": s.notebook(1)},
]  # fmt: skip


def by_hand(folder):
    """Make what no zip and no repository can hold: links, and a pipe that nobody writes to."""
    (folder / "link.ipynb").symlink_to("format-3.ipynb")
    (folder / "link-of-a-folder").symlink_to("/etc")
    (folder / "link-in-a-folder").mkdir()
    (folder / "link-in-a-folder/a06.ipynb").symlink_to("/etc/passwd")
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe/a06.ipynb")
