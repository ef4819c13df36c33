"""Find the misconception that explains all public checks of an exercise, by its signature."""

from collections.abc import Mapping, Sequence

from autograder.notebook.evidence import Notes
from autograder.numerics.signatures import Signature, is_like

MOST_HINTS = 3  # that may explain one mistake; more of them say nothing

# A hint, and the signatures of the checks that fail: None where machines differ in what is seen.
Mistake = tuple[str, Mapping[str, Signature | None]]


def hint_for(mistakes: Sequence[Mistake], notes: Mapping[str, Notes]) -> str:
    """Return the hint of the misconception that explains what was noted, or nothing.

    Parameters
    ----------
    mistakes : sequence
        What is known of the exercise.
    notes : mapping
        What happened in each of its public checks.
    """
    wrong = {name for name, each in notes.items() if each.finding.kind}
    if not wrong or any(notes[name].finding.kind == "todo" for name in wrong):
        return ""
    possible = [
        (hint, seen) for hint, seen in mistakes if set(seen) == wrong and _explains(seen, notes)
    ]
    sure = [(hint, seen) for hint, seen in possible if None not in seen.values()]
    hints = dict.fromkeys(hint for hint, _ in sure or possible)
    return " Or: ".join(hints) if len(hints) <= MOST_HINTS else ""


def _explains(seen: Mapping[str, Signature | None], notes: Mapping[str, Notes]) -> bool:
    return all(
        signature is None
        or is_like(
            signature,
            [(each.expected, each.scales) for each in notes[name].cases],
            [each.outcome for each in notes[name].cases],
            notes[name].eta,
        )
        for name, signature in seen.items()
    )
