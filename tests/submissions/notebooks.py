"""Write cells in the formats that notebooks are saved in."""

import io
import json
import zipfile


def code(source, **more):
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}, **more}


def text(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def dumped(notebook, indent=1):
    return (json.dumps(notebook, indent=indent, ensure_ascii=False) + "\n").encode()


def v4(cells, metadata=None, minor=5, *, as_lines=True, ids=None):
    """Return a notebook of format 4; before 4.5 cells have no identifiers."""
    written = []
    for number, cell in enumerate(cells):
        each = {**cell}
        if minor >= 5:
            each["id"] = ids or f"cell-{number}"
        if each["cell_type"] == "code":
            each.setdefault("execution_count", number)
        if as_lines and isinstance(each["source"], str):
            each["source"] = each["source"].splitlines(keepends=True)
        written.append(each)
    return dumped(
        {"cells": written, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": minor}
    )


def v3(cells, version=3):
    """Return a notebook as IPython saved it before Jupyter: sheets, prompts and headings."""
    written = []
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            lines = cell["source"].splitlines(keepends=True)
            old = {"cell_type": "code", "input": lines, "language": "python"}
            written.append(
                {**old, "collapsed": False, "metadata": {}, "outputs": [], "prompt_number": number}
            )
        elif cell["source"].startswith("#"):
            title = cell["source"].lstrip("# ")
            written.append({"cell_type": "heading", "level": 1, "metadata": {}, "source": [title]})
        else:
            written.append(cell)
    return dumped(
        {
            "metadata": {"name": ""},
            "nbformat": version,
            "nbformat_minor": 0,
            "worksheets": [{"cells": written, "metadata": {}}],
        }
    )


def percent(cells, mark="# %%"):
    """Return a script as jupytext, Spyder and VS Code write it; magics become comments."""
    parts = []
    for cell in cells:
        lines = cell["source"].split("\n")
        if cell["cell_type"] == "code":
            parts.append("\n".join([mark, *lines]))
        else:
            parts.append("\n".join([f"{mark} [markdown]", *(f"# {line}" for line in lines)]))
    return ("\n\n".join(parts) + "\n").encode()


def nbconvert(cells):
    """Return a script as ``jupyter nbconvert --to script`` writes it."""
    parts = ["#!/usr/bin/env python\n# coding: utf-8\n"]
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            parts.append(f"# In[{number}]:\n\n\n{cell['source']}\n")
        else:
            parts.append("\n".join(f"# {line}" for line in cell["source"].split("\n")) + "\n")
    return "\n\n".join(parts).encode()


def packed(members):
    """Return a zip, the same in every run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 11, 20, 18, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()
