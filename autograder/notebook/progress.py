"""How far a student is: every exercise, its public checks, and the points that go with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.notebook.feedback import TODO, Feedback
from autograder.notebook.showing import count, page, points

PAGE = """
<table>
<caption>{{ caption }}</caption>
<thead><tr><th scope="col">Exercise</th><th scope="col">Public checks</th>
<th scope="col" class="number">Their points</th>
<th scope="col" class="number">Points checked later</th></tr></thead>
<tbody>
{% for each in rows %}
<tr><th scope="row">{{ each.title }}</th>
<td><span class="sign {{ each.look }}" aria-hidden="true">{{ each.sign }}</span>
{{ each.state }}</td>
<td class="number">{{ each.earned }} of {{ each.public }}</td>
<td class="number">{{ each.later }}</td></tr>
{% endfor %}
</tbody></table>
{% for each in summary %}<p>{{ each }}</p>{% endfor %}
"""


@dataclass(frozen=True)
class Row:
    """One exercise: what its public checks are worth, and all of it."""

    feedback: Feedback
    public_points: float
    all_points: float

    @property
    def title(self) -> str:
        """The name that students know."""
        return self.feedback.title

    @property
    def state(self) -> str:
        """What the public checks say."""
        if not self.feedback.verdicts:
            return "no checks"
        if self.feedback.passed_all:
            return "done"
        if not self.feedback.is_begun:
            return TODO
        return f"{self.feedback.passed} of {len(self.feedback.verdicts)}"

    @property
    def sign(self) -> str:
        """A sign that does not need a colour."""
        return {"done": "✓", TODO: "○", "no checks": "○"}.get(self.state, "✗")

    @property
    def look(self) -> str:
        """How the sign is coloured."""
        return {"✓": "passed", "✗": "failed"}.get(self.sign, "quiet")

    @property
    def earned(self) -> str:
        """Points that the public checks give so far."""
        return f"{round(self.feedback.points, 2):g}"

    @property
    def public(self) -> str:
        """Points that they can give."""
        return f"{round(self.public_points, 2):g}"

    @property
    def later(self) -> str:
        """Points of the checks that are run when the notebook is graded."""
        return f"{round(self.all_points - self.public_points, 2):g}"


@dataclass(frozen=True)
class Progress:
    """How far all exercises are; `caption` says in which state of the notebook.

    Attributes
    ----------
    written : sequence of float
        Points of the questions that a person marks.
    """

    caption: str
    rows: Sequence[Row]
    written: Sequence[float] = ()

    @property
    def summary(self) -> list[str]:
        """What the table comes to, in sentences."""
        done = sum(row.state == "done" for row in self.rows)
        earned = sum(row.feedback.points for row in self.rows)
        public = sum(row.public_points for row in self.rows)
        later = sum(row.all_points for row in self.rows) - public
        lines = [
            f"{done} of {count(len(self.rows), 'exercise')} done: "
            f"{round(earned, 2):g} of {points(public)} that you can check here."
        ]
        if round(later, 2):
            lines += [
                f"{round(later, 2):g} more depend on checks that run when the notebook is graded."
            ]
        if self.written:
            questions = count(len(self.written), "written question")
            lines += [f"{questions}, {points(sum(self.written))}, graded by hand."]
        return lines

    def _repr_html_(self) -> str:
        return page(PAGE, caption=self.caption, rows=self.rows, summary=self.summary)

    def __repr__(self) -> str:
        wide = max([len(row.title) for row in self.rows], default=0)
        lines = [
            f"  {row.sign} {row.title:{wide}}  {row.state:11}  {row.earned:>5} of "
            f"{points(row.public_points)}, {row.later} checked later"
            for row in self.rows
        ]
        return "\n".join([self.caption, *lines, *self.summary])
