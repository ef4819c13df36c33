"""The table of docs/security.md: what each attack did, as it was measured."""

import json
from pathlib import Path

from tests.attacks.suite import GROUPS
from tests.conftest import ROOT

MEASURED = Path(__file__).parent / "measured.json"
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"
SYSTEMS = ("gradus", "otter", "nbgrader")


def measured() -> dict:
    """Return what `bench/attacks.py` wrote."""
    return json.loads(MEASURED.read_text(encoding="utf-8"))


def table(found: dict) -> str:
    """Return the table as Markdown, one part for each group of attacks."""
    parts = []
    for title, attacks in GROUPS.items():
        rows = [
            f"**{title}**",
            "",
            "| Attack | Gradus | `otter run` | `nbgrader autograde` |",
            "|---|---|---|---|",
        ]
        for attack in attacks:
            cells = found["attacks"][attack.name]
            rows.append("| " + " | ".join([attack.name, *(cells[each] for each in SYSTEMS)]) + " |")
        parts.append("\n".join(rows))
    measured_with = ", ".join(found["versions"])
    return "\n\n".join([f"Measured with {measured_with}.", *parts])


def written_table() -> str:
    """Return the table that stands in the page."""
    text = PAGE.read_text(encoding="utf-8")
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def write_table() -> None:
    """Put the table into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page = f"{before}{BEGIN}\n\n{table(measured())}\n\n{END}{after}"
    PAGE.write_text(page, encoding="utf-8")
