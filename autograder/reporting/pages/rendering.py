"""HTML pages from templates. Whatever is put into them is text, and stays it."""

import base64
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = "templates"
MISSING = "–"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__, TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "percent": percent}
    return environment


def render(template: str, **values: Any) -> str:
    """Fill in a template."""
    return _environment().get_template(template).render(values)


def style() -> Markup:
    """Return the style that all pages share."""
    return Markup(_source("style.css"))  # noqa: S704, our own file


def script(name: str) -> tuple[Markup, str]:
    """Return a script of our own, and what a content security policy knows it by."""
    source = _source(name)
    digest = base64.b64encode(sha256(source.encode()).digest()).decode()
    return Markup(source), f"'sha256-{digest}'"  # noqa: S704, our own file


def _source(name: str) -> str:
    return files(__package__).joinpath(TEMPLATES, name).read_text(encoding="utf-8")


def number(value: float | None, digits: int = 2) -> str:
    """Return a number as it is shown, or a dash for none.

    Examples
    --------
    >>> number(0.456), number(None), number(-0.001)
    ('0.46', '–', '0.00')
    """
    return MISSING if value is None else f"{round(value, digits) + 0.0:.{digits}f}"


def percent(share: float | None) -> str:
    """Return a share as a percentage; only everything is 100 %.

    Examples
    --------
    >>> percent(0.456), percent(0.9999), percent(1)
    ('46 %', '99 %', '100 %')
    """
    if share is None:
        return MISSING
    return f"{min(round(100 * share), 100 if share >= 1 else 99)} %"
