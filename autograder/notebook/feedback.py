"""What a student sees of one exercise: each check with its sentence, the hint, a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import indent
from typing import Any

from markupsafe import Markup

from autograder.notebook.evidence import Notes
from autograder.notebook.showing import clean, count, page
from autograder.numerics.pictures import picture

TODO = "still to do"
PAGE = """
<p class="title">{{ head }}</p>
<ul>
{% for each in verdicts %}
<li><span class="sign {{ 'passed' if each.passed else 'failed' }}" role="img"
 aria-label="{{ 'passed' if each.passed else 'failed' }}:">{{ each.sign }}</span>{{ each.title }}
{% if each.message %}<div class="message">{{ each.message }}</div>{% endif %}
{% if each.drawing %}
<figure>{{ each.drawing }}<figcaption><b>{{ each.shown.title }}.</b> {{ each.shown.words }}
</figcaption></figure>
{% endif %}
</li>
{% endfor %}
</ul>
{% if hint %}<p class="hint"><b>Ask yourself:</b> {{ hint }}</p>{% endif %}
<p class="quiet">{{ rest }}</p>
"""


@dataclass(frozen=True)
class Verdict:
    """What became of one public check, and how the mistake looks."""

    title: str
    message: str
    kind: str | None = None
    notes: Notes | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.message

    @property
    def is_todo(self) -> bool:
        """Whether the check met a hole, in the exercise or in one that it builds on."""
        return self.message.startswith(TODO)

    @property
    def sign(self) -> str:
        """A sign that does not need a colour."""
        return "✓" if self.passed else "✗"

    @cached_property
    def shown(self) -> Any:
        """The picture of the mistake, or None where there is none."""
        if self.passed or self.notes is None:
            return None
        worst = self.notes.worst
        return picture(self.kind, worst.case, worst.expected, worst.outcome, worst.finding)

    @cached_property
    def drawing(self) -> Markup | None:
        """The picture as SVG, where matplotlib is there to draw it."""
        if self.shown is None:
            return None
        try:
            from autograder.numerics.drawing import draw

            return Markup(draw(self.shown))  # noqa: S704 - drawn here, and all its text is escaped
        except Exception:  # noqa: BLE001 - the sentence says it; no student should see this fail
            return None


@dataclass(frozen=True)
class Feedback:
    """The answer to ``grader.check``.

    Attributes
    ----------
    verdicts : sequence of Verdict
        One for each public check, in order.
    hint : str
        A question that leads to the misconception, if one explains everything.
    hidden : int
        Number of checks that are run when the notebook is graded.
    points : float
        Earned by the public checks.
    """

    title: str
    verdicts: Sequence[Verdict]
    hint: str
    hidden: int
    points: float

    @property
    def passed(self) -> int:
        """Number of checks that passed."""
        return sum(each.passed for each in self.verdicts)

    @property
    def passed_all(self) -> bool:
        """Whether all of them did."""
        return self.passed == len(self.verdicts)

    @property
    def is_begun(self) -> bool:
        """Whether some check got further than to a hole."""
        return not self.verdicts or not all(each.is_todo for each in self.verdicts)

    @property
    def head(self) -> str:
        """The result in a few words."""
        if not self.is_begun:
            return f"{self.title}: {TODO}"
        if self.passed_all:
            return f"{self.title}: every check passed"
        return f"{self.title}: {self.passed} of {count(len(self.verdicts), 'check')} passed"

    @property
    def rest(self) -> str:
        """What else is going to be checked."""
        if not self.hidden:
            return ""
        looks = "looks" if self.hidden == 1 else "look"
        more = f"{count(self.hidden, 'more check')} {looks} at it"
        return f"{more} when your notebook is graded."

    def _repr_html_(self) -> str:
        names = ("head", "verdicts", "hint", "rest")
        return page(PAGE, **{name: getattr(self, name) for name in names})

    def __repr__(self) -> str:
        lines = [self.head]
        for each in self.verdicts:
            lines += [f"  {each.sign} {each.title}"]
            lines += [indent(each.message, "      ")] if each.message else []
        lines += [f"  Ask yourself: {self.hint}"] if self.hint else []
        return "\n".join([*lines, *([f"  {self.rest}"] if self.rest else [])])


def verdict(about: Mapping[str, Any], failure: str, notes: Mapping[str, Notes]) -> Verdict:
    """Return the verdict of one check.

    Parameters
    ----------
    about : mapping
        Name and title of the check, and its kind of picture.
    failure : str
        What otter says of it; nothing if it passed.
    """
    return Verdict(about["title"], clean(failure), about["picture"], notes.get(about["name"]))
