"""Draw a picture as a small SVG: no scripts, no fonts of its own, readable in black and white.

Ink takes the colour of the text around the drawing, so that it can be read on any background.
Matplotlib is imported only when something is drawn.
"""

import hashlib
import html
import io
import re
import warnings
from typing import Any

import numpy as np

from autograder.numerics.pictures import Picture

WIDTH = 4.6  # inches of 72 pixels
MOST_HIGH, MOST_WIDE = 8, 6  # cells of a heat map with a number in each
GRID = 24  # points of a contour plot along an axis
# Colours that nothing else has stand for those of the page.
INK, ACCENT = "#010203", "#0b62a8"
STAND_INS = {INK: "currentColor", ACCENT: f"var(--accent, {ACCENT})"}
PLAIN: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "gradus",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.parse_math": False,
    "axes.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "hatch.color": INK,
    "legend.frameon": False,
    "lines.markersize": 4,
} | dict.fromkeys(
    ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK
)
FONT = "font: 9px system-ui, sans-serif"
SCALE = 1.35  # what matplotlib takes for a pixel is small on a screen
NEEDLESS = re.compile(
    r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->|<defs>\s*</defs>"
    r'| transform="rotate\(-0 [^"]*"|(?:font-size: 9px; )?font-family: [^;"]*; ',
    re.DOTALL,
)
NAMED = re.compile(r' id="([\w.-]+)"')
REFERRED = re.compile(r'(?:url\(#|href="#)([\w-]+)')
ATTRIBUTE = re.compile(r'="[^"]*"')
FINE = re.compile(r"(\.\d\d)\d+")  # digits of a place that nobody sees
SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')


def draw(picture: Picture) -> str:
    """Return a picture as an ``<svg>`` element; equal pictures give equal text.

    Its label is the title; the words belong beside it, for everybody.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(PLAIN), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a picture of nonsense is drawn as well as it can be
        figure = Figure(figsize=(WIDTH, 2.7))
        axes = figure.add_axes((0.13, 0.17, 0.84, 0.79))
        axes.patch.set_visible(False)
        axes.locator_params(nbins=5)
        axes.set_xlabel(picture.labels[0])
        axes.set_ylabel(picture.labels[1])
        series = {name: np.array(values, float) for name, values in picture.series.items()}
        shapes = {"curve": _draw_curve, "trajectory": _draw_path, "histogram": _draw_shares}
        shapes.get(picture.kind, _draw_heat)(figure, axes, series)
        written = io.StringIO()
        figure.savefig(
            written,
            format="svg",
            transparent=True,
            metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")),
        )
    return _lean(written.getvalue(), picture.title)


def _draw_curve(figure: Any, axes: Any, series: Any) -> None:
    x = series["x"]
    axes.plot(x, series["expected"], "s-", color=INK, alpha=0.5, linewidth=2, label="expected")
    axes.plot(x, series["yours"], "o--", color=ACCENT, linewidth=1, label="yours")
    _legend(figure, axes)


def _draw_path(figure: Any, axes: Any, series: Any) -> None:
    ours, theirs = series["expected"], series["yours"]
    axes.plot(*ours.T, "s-", color=INK, alpha=0.5, linewidth=2, label="expected")
    axes.plot(*theirs.T, "o--", color=ACCENT, linewidth=1, label="yours")
    axes.plot(*ours[0], "*", color=INK, markersize=10, label="start")
    low, high = np.min(ours, axis=0), np.max(ours, axis=0)
    middle, reach = (low + high) / 2, max(np.max(high - low), 1e-300)
    points = np.concatenate([ours, theirs[np.all(np.abs(theirs - middle) < 3 * reach, axis=1)]])
    margin = 0.1 * reach  # a path that runs away leaves the frame
    axes.set_xlim(np.min(points[:, 0]) - margin, np.max(points[:, 0]) + margin)
    axes.set_ylim(np.min(points[:, 1]) - margin, np.max(points[:, 1]) + margin)
    if "curvature" in series:
        _draw_bowl(axes, series)
    _legend(figure, axes)


def _draw_bowl(axes: Any, series: Any) -> None:
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    across, up = np.linspace(left, right, GRID), np.linspace(low, high, GRID)
    away = np.stack(np.meshgrid(across, up), axis=-1) - series["at"]
    loss = away @ series["slope"] + np.sum(away @ series["curvature"] * away, axis=-1) / 2
    axes.contour(across, up, loss, 5, colors=INK, alpha=0.3, linewidths=0.7)


def _draw_shares(figure: Any, axes: Any, series: Any) -> None:
    edges = series["edges"]
    axes.stairs(series["expected"], edges, fill=True, color=INK, alpha=0.25, label="expected")
    axes.stairs(series["yours"], edges, color=ACCENT, linewidth=1.5, label="yours")
    axes.set_ylim(0, 1.05 * max(np.max(series["expected"]), np.max(series["yours"])))
    _legend(figure, axes)


def _legend(figure: Any, axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_position((0.15, 0.17, 0.82, 0.71))
    figure.legend(loc="upper center", ncols=3, fontsize=9, handlelength=2.5)


def _draw_heat(figure: Any, axes: Any, series: Any) -> None:
    """Draw the size of each error, with a number where there is room for it."""
    off, block = series["off"], series["block"]
    rows, columns = off.shape
    is_roomy = rows <= MOST_HIGH and columns <= MOST_WIDE and np.prod(block) == 1
    height = min(0.28 * rows, 2.6)
    figure.set_size_inches(WIDTH, height + 0.5)
    wide = 0.86 * columns / MOST_WIDE if is_roomy else 0.72
    axes.set_position((0.11, 0.42 / (height + 0.5), wide, height / (height + 0.5)))
    axes.patch.set(visible=True, facecolor="none", hatch="xxxx")  # seen where there is no number
    axes.spines[:].set_visible(False)
    top = np.nanmax(np.abs(off))
    bottom, right = rows * block[0] - 0.5, columns * block[1] - 0.5
    image = axes.imshow(
        np.sqrt(np.ma.masked_invalid(np.abs(off)) / top),
        cmap="Blues",
        vmin=0,
        vmax=1,
        aspect="auto",
        interpolation="none",
        extent=(-0.5, right, bottom, -0.5),
    )
    axes.locator_params(nbins=9, integer=True)
    if rows == 1:
        axes.set_yticks([])
    if is_roomy:
        _number_cells(axes, off, top)
    else:
        _scale(figure, axes, image, top)


def _number_cells(axes: Any, off: Any, top: float) -> None:
    for (row, column), error in np.ndenumerate(off):
        if np.isfinite(error) and error:
            color = "white" if abs(error) > 0.4 * top else "black"
            text = f"{error:+.2g}".replace("-", "\N{MINUS SIGN}")
            axes.text(column, row, text, color=color, ha="center", va="center")
    rows, columns = off.shape
    style = {"colors": "#808080", "linewidth": 0.4, "clip_on": False}
    axes.hlines(np.arange(rows + 1) - 0.5, -0.5, columns - 0.5, **style)
    axes.vlines(np.arange(columns + 1) - 0.5, -0.5, rows - 0.5, **style)


def _scale(figure: Any, axes: Any, image: Any, top: float) -> None:
    """Say which shade is which error; the scale is that of square roots."""
    left, low, width, height = axes.get_position().bounds
    side = figure.add_axes((left + width + 0.03, low, 0.03, height))
    levels = [0, 0.25, 1]
    bar = figure.colorbar(image, cax=side, ticks=np.sqrt(levels))
    bar.ax.set_yticklabels([f"{level * top:.2g}" for level in levels])
    bar.outline.set_visible(False)


def _lean(svg: str, label: str) -> str:
    """Return the element without what no reader needs, with names that are its own."""
    svg = NEEDLESS.sub("", svg[svg.index("<svg") :])
    for stand_in, color in STAND_INS.items():
        svg = svg.replace(stand_in, color)
    referred = set(REFERRED.findall(svg))
    own = f"g{hashlib.sha256(svg.encode()).hexdigest()[:8]}-"
    svg = NAMED.sub(lambda found: f' id="{own}{found[1]}"' if found[1] in referred else "", svg)
    svg = REFERRED.sub(lambda found: found[0].replace("#", f"#{own}"), svg)
    svg = ATTRIBUTE.sub(lambda found: FINE.sub(r"\1", found[0]), svg)
    svg = SIZE.sub(_enlarged, svg, count=1)
    start = f'<svg role="img" aria-label="{html.escape(label)}" style="{FONT}" '
    return re.sub(r"\s*\n\s*", "\n", svg).strip().replace("<svg ", start, 1)


def _enlarged(size: re.Match[str]) -> str:
    width, height = (SCALE * float(each) for each in size.groups())
    return f'width="{width:.0f}" height="{height:.0f}"'
