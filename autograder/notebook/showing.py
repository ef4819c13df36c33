"""Text and HTML of what a student sees, in any front end, light or dark."""

import re
from typing import Any

from jinja2 import Environment, StrictUndefined

# Colours follow the page around the output: JupyterLab, VS Code and Colab each say so differently.
STYLE = """
.gradus { --ink: #1b1d20; --quiet: #555b63; --rule: #cfd3d8; --panel: #f4f5f7;
  --accent: #0b62a8; --good: #1a6b32; --bad: #b3261e;
  max-width: 46rem; padding: 0.25rem 0; color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
[data-jp-theme-light="false"] .gradus, .vscode-dark .gradus, html[theme="dark"] .gradus {
  --ink: #e7e9ec; --quiet: #a9b0b8; --rule: #3d4249; --panel: #202327;
  --accent: #6fb3ef; --good: #7fd498; --bad: #ff9a91; }
.gradus p, .gradus figure { margin: 0.35rem 0; }
.gradus .title { font-weight: 600; }
.gradus ul { list-style: none; margin: 0.35rem 0; padding: 0 !important; }
.gradus li { margin: 0; padding: 0.15rem 0 0.15rem 1.6rem; text-indent: -1.6rem; }
.gradus li > * { text-indent: 0; }
.gradus .sign { display: inline-block; width: 1.6rem; font-weight: 700; text-align: center; }
.gradus .passed { color: var(--good); }
.gradus .failed { color: var(--bad); }
.gradus .message { margin: 0.1rem 0 0.3rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font-family: ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; font-size: 13px; }
.gradus figcaption, .gradus .quiet { color: var(--quiet); font-size: 13px; }
.gradus svg { display: block; max-width: 100%; height: auto; }
.gradus .hint { margin: 0.6rem 0; padding: 0.5rem 0.9rem; background: var(--panel);
  border-left: 4px solid var(--accent); border-radius: 0 4px 4px 0; }
.gradus .warning { border-left-color: var(--bad); }
.gradus table, .gradus th, .gradus td { font-size: 14px; }
.gradus table { border-collapse: collapse; margin: 0.5rem 0; font-variant-numeric: tabular-nums; }
.gradus caption { text-align: left; font-weight: 600; padding: 0.3rem 0; color: var(--ink); }
.gradus th, .gradus td { padding: 0.25rem 0.8rem 0.25rem 0; text-align: left !important;
  border-bottom: 1px solid var(--rule); background: none; }
.gradus tr { background: none !important; }
.gradus .number { text-align: right !important; }
"""

_STEERING = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]|[^\n\x20-\x7e\xa0-\u200a\u2010-\u2027\u2030-\ud7ff]"
)
_LONGEST = 600  # characters of a message

_pages = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)


class Words(str):
    """A sentence that a front end shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def page(template: str, **values: Any) -> str:
    """Return HTML whose every value is escaped, in the style of all outputs."""
    values["style"] = STYLE
    whole = f'<div class="gradus"><style>{{{{ style | safe }}}}</style>{template}</div>'
    return _pages.from_string(whole).render(values)


def clean(text: str) -> str:
    """Return text of a reasonable length without anything that steers a terminal."""
    plain = _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]} …"


def points(number: float) -> str:
    """Return points as a student reads them."""
    return f"{round(number, 2):g} {'point' if number == 1 else 'points'}"


def count(number: int, noun: str) -> str:
    """Return how many of a thing there are."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
