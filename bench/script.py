"""A notebook as a plain script: what its cells cost a fresh Python process."""

from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from bench.classes import code_cells

# The stand-in answers for otter, the shell and its magics; a cell that raises is passed over.
PROGRAM = """\
import sys


class Inert:
    def __call__(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        return self


sys.modules["otter"] = inert = Inert()
namespace = {{"__name__": "__main__", "get_ipython": inert, "display": inert}}
for number, cell in enumerate({cells!r}):
    try:
        exec(compile(cell, f"<cell {{number}}>", "exec"), namespace)
    except Exception:
        pass
"""


def write_script(path: Path, notebook: bytes) -> None:
    """Write the cells of a notebook, with magics as calls, to a script."""
    cells = code_cells(nbformat.reads(notebook.decode(), as_version=4))
    plain = [TransformerManager().transform_cell(cell.source) for cell in cells]
    path.write_text(PROGRAM.format(cells=plain), encoding="utf-8")
