"""What the export is about to hand in: which file, saved when, and what is missing from it."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.notebook.showing import page

HOLE = r'NotImplementedError\("your code here: ([\w.]+)"\)'
PAGE = """
<p class="title">{{ head }}</p>
{% for each in lines %}<p>{{ each }}</p>{% endfor %}
{% for each in warnings %}<p class="hint warning"><b>{{ each }}</b></p>{% endfor %}
"""


@dataclass(frozen=True)
class Submission:
    """A notebook as it is on disk.

    Attributes
    ----------
    path : Path
        The file.
    archive : str
        Name of the file that is to be handed in.
    missing : sequence of str
        Exercises whose hole is still there.
    unsaved : sequence of str
        Exercises that were run in this session with a text that is not in the file.
    """

    path: Path
    archive: str
    missing: Sequence[str]
    unsaved: Sequence[str]

    @property
    def head(self) -> str:
        """Which file is handed in."""
        return f"This will be submitted: {self.path.name}, in {self.archive}"

    @property
    def lines(self) -> list[str]:
        """When it was saved, and what is not begun."""
        saved = datetime.fromtimestamp(self.path.stat().st_mtime).astimezone()
        missing = ", ".join(self.missing)
        return [
            f"As it was saved on {saved:%d %B %Y at %H:%M:%S}.",
            f"Not begun: {missing}." if missing else "Every exercise is begun.",
        ]

    @property
    def warnings(self) -> list[str]:
        """What to do before anything is handed in."""
        if not self.unsaved:
            return []
        names = ", ".join(self.unsaved)
        return [
            f"The file does not have what you last ran for {names}. Save the notebook (Ctrl+S or "
            "⌘S), then run this cell again."
        ]

    def _repr_html_(self) -> str:
        return page(PAGE, head=self.head, lines=self.lines, warnings=self.warnings)

    def __repr__(self) -> str:
        return "\n".join([self.head, *self.lines, *self.warnings])


def submission(
    path: Path, functions: Mapping[str, Sequence[str]], executed: Sequence[str]
) -> Submission:
    """Describe what handing in a notebook would hand in.

    Parameters
    ----------
    functions : mapping of str to sequence of str
        What students write, by exercise: names of functions, classes or methods.
    executed : sequence of str
        Cells as they were run in this session, in order.
    """
    sources = _sources(path)
    saved = {source.strip() for source in sources}
    holes = set(re.findall(HOLE, "\n".join(sources)))
    stamp = f"{datetime.now().astimezone():%Y_%m_%dT%H_%M_%S}"
    return Submission(
        path,
        f"{path.stem}_{stamp}.zip",
        [
            title
            for title, names in functions.items()
            if any(f"{hole}.".startswith(f"{name}.") for hole in holes for name in names)
        ],
        [
            title
            for title, names in functions.items()
            if any(_last_run(name, executed) not in {*saved, None} for name in names)
        ],
    )


def _sources(path: Path) -> list[str]:
    """Return the text of each code cell of the file."""
    cells: Sequence[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _last_run(name: str, executed: Sequence[str]) -> str | None:
    """Return the cell of this session that defined a function or class last, if there is one."""
    outermost = re.escape(name.partition(".")[0])
    definition = re.compile(rf"^(?:def|class) {outermost}\b", re.MULTILINE)
    return next((each.strip() for each in reversed(executed) if definition.search(each)), None)


def notebook_path(names: Mapping[str, Any]) -> Path | None:
    """Return the file of the notebook that is running, or None where nothing tells.

    Parameters
    ----------
    names : mapping
        The notebook's globals; VS Code leaves the path there, Jupyter in the environment.
    """
    told = (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    here = [Path(each).name for each in told if isinstance(each, str)]
    known = [Path(each) for each in here if re.search(r"\.ipynb$", each) and Path(each).is_file()]
    alone = list(Path().glob("*.ipynb"))
    if known:
        return known[0]
    return alone[0] if len(alone) == 1 else None
