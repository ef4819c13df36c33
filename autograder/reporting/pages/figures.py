"""Figures of a report, as SVG that takes its colours from the page and needs nothing else."""

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = 10
# Matplotlib writes colours as they are named here; the page says what they look like.
COLOURS = {"#010101": "var(--ink)", "#020202": "var(--accent)", "#030303": "var(--rule)"}
INK, ACCENT, RULE = COLOURS

_REFERENCE = re.compile(r'(id="|url\(#|href="#)')
_PREAMBLE = re.compile(r"^.*?(?=<svg)|<metadata>.*?</metadata>|<style.*?</style>", re.DOTALL)


def counts(shares: Sequence[float]) -> list[int]:
    """Return how many shares lie in each tenth; full marks are in the last one."""
    return [int(each) for each in np.histogram(shares, bins=BINS, range=(0, 1))[0]]


def histogram(shares: Sequence[float], name: str) -> str:
    """Draw a distribution of scores.

    Parameters
    ----------
    shares : sequence of float
        Scores as shares of the points.
    name : str
        Of the figure, not of anything else in the page.
    """
    from matplotlib.figure import Figure
    from matplotlib.style import context

    with context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}):
        figure = Figure(figsize=(6.4, 2.2), layout="constrained")
        axes = figure.add_subplot()
        found = counts(shares)
        edges = np.arange(BINS) * 100 / BINS
        bars = axes.bar(edges, found, 100 / BINS, align="edge", color=ACCENT, edgecolor="none")
        for bar in bars:
            bar.set_linewidth(0)
        axes.bar_label(bars, [str(each or "") for each in found], color=INK, fontsize=9, padding=2)
        axes.set(xlim=(0, 100), xticks=np.linspace(0, 100, BINS + 1), yticks=[])
        axes.set_xlabel("score in % of the points", color=INK)
        axes.margins(y=0.15)
        axes.tick_params(colors=INK, length=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.spines["bottom"].set_color(RULE)
        return _embedded(figure, name)


def _embedded(figure: "Figure", name: str) -> str:
    """Return a figure as an element of a page, in the page's colours and with its own ids."""
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    svg = _REFERENCE.sub(rf"\1{name}-", _PREAMBLE.sub("", text.getvalue()))
    for colour, shown in COLOURS.items():
        svg = svg.replace(colour, shown)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
