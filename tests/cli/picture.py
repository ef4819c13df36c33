"""Draw docs/pictures/terminal*.svg again: what two commands show on a real terminal.

Run it as ``python -m tests.cli.picture`` once the bundles are built.
"""

import io
import re
import shutil
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.cli.runs import watched
from tests.conftest import ROOT

COLUMNS = 100
FOLDER = ROOT / "docs/pictures"
NAME = "a03_losses"
FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        submissions = Path(folder) / "submissions" / NAME
        shutil.copytree(ROOT / "examples/submissions" / NAME, submissions)
        (submissions / "paul.ipynb").write_text('{"cells": [', encoding="utf-8")
        draw("terminal", folder, "grade", "submissions")
        draw("terminal-student", folder, "grade", "submissions", "--student", "kim")


def draw(name, folder, *words):
    shown = watched(folder, "--course", ROOT, *words, columns=COLUMNS)
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text(f"$ gradus {' '.join(words)}", "bold"))
    for line in shown.raw.replace("\r\n", "\n").rstrip().split("\n"):
        last = line.rpartition("\r")[2]  # of a line that was drawn several times
        console.print(Text.from_ansi(re.sub(r"\x1b\[[0-9;?]*[A-Za-ln-z]", "", last)))
    svg = console.export_svg(title="gradus", unique_id=name)
    path = FOLDER / f"{name}.svg"
    path.write_text(self_contained(svg), encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")


def self_contained(svg):
    """Use fonts that are there, none from another machine."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code, monospace", FONTS)


if __name__ == "__main__":
    main()
