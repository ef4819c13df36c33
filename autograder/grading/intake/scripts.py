"""The code of a notebook that was saved as a script: by jupytext, nbconvert, Spyder or VS Code."""

import ast
import re
from collections.abc import Iterator

from autograder.grading.intake.packages import LARGEST_SOURCE
from autograder.model import CodeCell

# `# %%` and `#%%` begin a cell, `# %% [markdown]` one of text, `# In[3]:` one of nbconvert's.
MARK = re.compile(r"^#[ ]?(?:%%(?!%)(?P<options>.*)|In ?\[[ \d]*\]:?[ ]*)$", re.MULTILINE)
TEXT = re.compile(r"\[(?:markdown|md|raw)\]")


def is_script(text: str) -> bool:
    """Return whether a text has the marks that begin a cell."""
    return MARK.search(text) is not None


def script_cells(text: str) -> Iterator[CodeCell]:
    """Yield the cells of a script; without marks, each statement is one.

    So a statement that raises costs nothing but itself.
    """
    text = text.replace("\r\n", "\n")
    marks = list(MARK.finditer(text))
    if not marks:
        yield from _statements(text) if len(text) <= LARGEST_SOURCE else [CodeCell(0, text)]
        return
    yield CodeCell(0, text[: marks[0].start()])
    ends = [each.start() for each in marks[1:]] + [len(text)]
    for index, (mark, end) in enumerate(zip(marks, ends, strict=True), start=1):
        if not TEXT.search(mark["options"] or ""):
            yield CodeCell(index, text[mark.end() : end].strip("\n"))


def _statements(text: str) -> Iterator[CodeCell]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield CodeCell(0, text)
        return
    lines = text.split("\n")
    starts = sorted({_first_line(node) for node in tree.body})
    for index, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines) + 1], strict=True)):
        yield CodeCell(index, "\n".join(lines[start - 1 : end - 1]))


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])
