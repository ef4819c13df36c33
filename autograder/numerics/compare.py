"""Observe a subject and judge what it returned: structure first, then values.

The same rule decides in the batch grader and in a student's notebook: packaging embeds the source
of this module, and of `autograder.numerics.samples`, in every generated test. So they import numpy
and the standard library only, and one function reads like one sentence.
"""

import builtins
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.numerics.samples import Sample, differences, sampled

DIED = "died"  # stands for the class of the exception when there is no process left to raise one
SMALLEST = 1e-30  # keeps 0/0 out of the quotient where value and scale are both exactly zero


class SubjectError(Exception):
    """The subject's own code raised; `types` are the class names along its mro."""

    def __init__(self, function: str, types: tuple[str, ...], message: str) -> None:
        super().__init__(message)
        self.function = function
        self.types = types


@dataclass(frozen=True)
class Observed:
    """A check ran to its end: its observation, and what each function returned, in words."""

    tree: Any
    returned: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raised:
    """A check ended early: the subject raised, or returned what the check could not use."""

    types: tuple[str, ...]
    message: str
    function: str = ""
    returned: Mapping[str, str] = field(default_factory=dict)

    @property
    def unusable(self) -> bool:
        """Whether the subject returned something and the check stumbled over it."""
        return not self.types

    @property
    def died(self) -> bool:
        """Whether the subject's process ended, or had to be ended."""
        return DIED in self.types


@dataclass(frozen=True)
class Finding:
    """What is wrong with an observation, or that nothing is.

    Attributes
    ----------
    kind : str
        '' when it is right; else todo, died, raised, type, shape, dtype, finite, value or
        distribution.
    where : str
        Name of the output, with the index of the worst entry: ``dlogits[2, 1]``.
    detail : str
        What was found and what was expected; of a hidden check only for todo and died.
    error : float
        Largest error in units of the tolerance; infinite when structure is wrong.
    """

    kind: str = ""
    where: str = ""
    detail: str = ""
    error: float = 0.0


class Subject:
    """The namespace under test, as a check sees it: attributes are functions that remember.

    Parameters
    ----------
    lookup : callable
        Returns the object of that name, or raises KeyError.
    """

    def __init__(self, lookup: Callable[[str], Any]) -> None:
        self._lookup = lookup
        self._returned: dict[str, str] = {}
        self._last = ""

    def __getattr__(self, name: str) -> Any:
        try:
            function = self._lookup(name)
        except KeyError:
            message = f"name {name!r} is not defined"
            raise SubjectError(name, ("NameError", "Exception"), message) from None
        return lambda *args, **kwargs: self._call(name, function, args, kwargs)

    def _call(self, name: str, function: Any, args: Any, kwargs: Any) -> Any:
        try:
            value = function(*args, **kwargs)
        except SubjectError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - student code raises anything
            types = tuple(each.__name__ for each in type(error).__mro__)
            raise SubjectError(name, types, str(error)) from None
        self._last = name
        self._returned[name] = describe(value)
        return value


def observe(check: Any, subject: Subject, case: Any) -> Observed | Raised:
    """Run a check on a subject; its warnings never count, its exceptions are an outcome."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            tree = check(subject, case)
    except SubjectError as error:
        return Raised(error.types, str(error), error.function, dict(subject._returned))
    except Exception as error:  # noqa: BLE001 - the check stumbles over what a student returned
        return Raised((), str(error), subject._last, dict(subject._returned))
    return Observed(tree, dict(subject._returned))


def judge(  # noqa: PLR0917 - generated tests call it by position
    rule: str, exception: str, expected: Observed | Raised, scales: Any, eta: float, outcome: Any
) -> Finding:
    """Compare an outcome with the expected one by the rule of that name."""
    if isinstance(expected, Raised):
        return _judge_exception(exception or expected.types[0], outcome)
    if isinstance(outcome, Raised):
        return _judge_early_end(expected, outcome)
    wanted, got = expected.tree, outcome.tree
    if rule == "statistical":
        wanted, got = sampled(wanted), sampled(got)
    return _compare(wanted, got, iter(scales), eta if rule == "tolerance" else 0.0, "")


def _judge_exception(exception: str, outcome: Any) -> Finding:
    if isinstance(outcome, Observed):
        return Finding("raised", "", f"nothing was raised, expected {exception}", np.inf)
    if exception in outcome.types:
        return Finding()
    return _early_end(outcome, f", expected {exception}")


def _judge_early_end(expected: Observed, outcome: Raised) -> Finding:
    wanted = expected.returned.get(outcome.function)
    if outcome.unusable and wanted:
        got = outcome.returned[outcome.function]
        detail = f"{outcome.function} returned {got}, expected {wanted}"
        return Finding("type", "", detail, np.inf)
    return _early_end(outcome, "")


def _early_end(outcome: Raised, expected: str) -> Finding:
    if "NotImplementedError" in outcome.types:
        return Finding("todo", "", f"still to do: {outcome.message}", np.inf)
    if outcome.died:
        return Finding("died", outcome.function, outcome.message, np.inf)
    if outcome.unusable:
        detail = f"the check could not use what {outcome.function or 'it'} returned"
        return Finding("type", "", f"{detail} ({outcome.message})", np.inf)
    text = f": {outcome.message}" if outcome.message else ""
    detail = f"raised {outcome.types[0]}{text}{expected}"
    return Finding("raised", outcome.function, detail, np.inf)


def _compare(expected: Any, got: Any, scales: Iterator[Any], eta: float, where: str) -> Finding:
    """Walk both trees; the first structural fault counts, else the worst value."""
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping) or set(got) != set(expected):
            return _structure("type", where, got, f"a dictionary with keys {sorted(expected)}")
        pairs = [(expected[key], got[key], _name(where, key)) for key in expected]
    elif isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return _structure("type", where, got, describe(expected))
        pairs = [
            (one, other, f"{where}[{index}]")
            for index, (one, other) in enumerate(zip(expected, got, strict=True))
        ]
    else:
        return _compare_leaf(expected, got, scales, eta, where)
    worst = Finding()
    for one, other, name in pairs:
        finding = _compare(one, other, scales, eta, name)
        if finding.error == np.inf and finding.kind not in {"value", "finite"}:
            return finding
        worst = finding if finding.error > worst.error else worst
    return worst


def _name(where: str, key: Any) -> str:
    return f"{where}[{key!r}]" if where else str(key)


def _compare_leaf(
    expected: Any, got: Any, scales: Iterator[Any], eta: float, where: str
) -> Finding:
    if isinstance(expected, Sample):
        return _compare_samples(expected, got, where)
    if expected is None or isinstance(expected, str | bytes):
        same = type(got) is type(expected) and got == expected
        return Finding() if same else _value(where, repr(got)[:80], repr(expected)[:80], np.inf)
    scale = next(scales, 0.0) if np.asarray(expected).dtype.kind in "fc" else 0.0
    if isinstance(got, np.ndarray | np.generic | bool | int | float | complex):
        array = np.asarray(got).view(np.ndarray)
    else:
        return _structure("type", where, got, describe(expected))
    wanted = np.asarray(expected)
    if array.shape != wanted.shape:
        advice = "; take it out with .item()" if array.size == 1 and not wanted.ndim else ""
        return _structure("shape", where, got, describe(expected) + advice)
    number = not isinstance(expected, np.ndarray)
    if not _same_kind(wanted.dtype.kind, array.dtype.kind, number=number):
        return Finding("dtype", where, f"has dtype {array.dtype}, expected {wanted.dtype}", np.inf)
    return _compare_values(wanted, array, scale, eta, where)


def _compare_samples(expected: Sample, got: Any, where: str) -> Finding:
    """Return the first statistic that is beyond its limit, with the largest error."""
    if not isinstance(got, Sample):
        return _structure("type", where, got, describe(expected) + " of floats")
    if got.shape != expected.shape:
        return _structure("shape", where, got, describe(expected))
    if not (expected.finite and got.finite):
        alike = expected.finite == got.finite
        words = "holds NaN or infinity, expected finite numbers"
        return Finding() if alike else Finding("finite", where, words, np.inf)
    found = list(differences(expected, got))
    worst = max(error for _, error in found)
    detail = next((words for words, error in found if error > 1.0), "")
    return Finding("distribution" if detail else "", where if detail else "", detail, worst)


def _same_kind(expected: str, got: str, *, number: bool) -> bool:
    """Return whether a dtype kind will do; a single whole number may stand for a float."""
    allowed = {"f": "fiu" if number else "f", "i": "iu", "u": "iu", "c": "cf"}
    return got in allowed.get(expected, expected)


def _compare_values(wanted: Any, got: Any, scale: Any, eta: float, where: str) -> Finding:
    if wanted.dtype.kind not in "fc":
        wrong = got != wanted
        return _worst(where, got, wanted, np.where(wrong, np.inf, 0.0))
    finite = np.isfinite(wanted)
    same = (got == wanted) | (np.isnan(got) & np.isnan(wanted))
    if np.any((np.isfinite(got) != finite) | ~(finite | same)):
        return _worst(where, got, wanted, np.where(same | (np.isfinite(got) & finite), 0.0, np.inf))
    error = relative_error(wanted, got, scale)
    with np.errstate(all="ignore"):
        units = np.where(error == 0, 0.0, error / eta if eta else np.inf)
    return _worst(where, got, wanted, units)


def relative_error(wanted: Any, got: Any, scale: Any) -> Any:
    r"""Return the error of each entry relative to its value and its conditioning.

    .. math:: |S_i - R_i| / (|R_i| + s_i + 10^{-9} \max_j \max(|R_j|, s_j))

    `scale` :math:`s` says how much the value moves when the inputs move by a relative unit, so
    the quotient is about the relative change of the inputs that would explain the difference.
    """
    finite = np.isfinite(wanted)
    size = np.where(finite, np.abs(wanted), 0.0)
    floor = 1e-9 * max(np.max(size, initial=0.0), np.max(scale, initial=0.0)) + SMALLEST
    with np.errstate(all="ignore"):
        error = np.abs(got - wanted) / (size + scale + floor)
    return np.where(finite, error, 0.0)


def _worst(where: str, got: Any, wanted: Any, units: Any) -> Finding:
    """Return the finding for the worst entry; `units` are errors in units of the tolerance."""
    error = float(np.max(units, initial=0.0))
    if error <= 1.0:
        return Finding(error=error)
    index = np.unravel_index(int(np.argmax(units)), np.shape(units))
    place = where + (f"[{', '.join(str(each) for each in index)}]" if index else "")
    kind = "value" if np.isfinite(got[index]) or wanted.dtype.kind not in "fc" else "finite"
    return _value(place, *_numbers(got[index], wanted[index]), error, kind)


def _value(where: str, got: str, expected: str, error: float, kind: str = "value") -> Finding:
    return Finding(kind, where, f"is {got}, expected {expected}", error)


def _numbers(got: Any, expected: Any) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell them apart."""
    if np.asarray(expected).dtype.kind not in "fc":
        return str(got), str(expected)
    for digits in (6, 9, 12):
        pair = f"{got:.{digits}g}", f"{expected:.{digits}g}"
        if pair[0] != pair[1]:
            return pair
    return repr(got), repr(expected)


def _structure(kind: str, where: str, got: Any, expected: str) -> Finding:
    return Finding(kind, where, f"is {describe(got)}, expected {expected}", np.inf)


def describe(value: Any) -> str:  # noqa: PLR0911 - a table of types
    """Say in a few words what kind of thing a value is: never its numbers."""
    if value is None:
        return "None"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, int | float | np.generic):
        return "a single number"
    if isinstance(value, np.ndarray | Sample):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple | list):
        return f"a {'tuple' if isinstance(value, tuple) else 'list'} of {len(value)}"
    if isinstance(value, Mapping):
        return f"a dictionary with keys {sorted(map(str, value))}"
    return f"of type {getattr(value, 'type_name', type(value).__name__)}"


def sentence(finding: Finding, *, public: bool) -> str:
    """Return what a student reads about a finding; nothing of a hidden case is shown."""
    if not finding.kind:
        return ""
    if public or finding.kind in {"todo", "died"}:
        return f"{finding.where} {finding.detail}".strip() + "."
    where = finding.where.partition("[")[0]
    if finding.kind == "raised" and not where:
        return "nothing was raised where an exception is expected."
    hidden = {
        "raised": _raised(finding.detail),
        "type": "is not of the right type",
        "shape": "has the wrong shape",
        "dtype": "has the wrong dtype",
        "finite": "is not finite where it should be",
        "value": "has a wrong value",
        "distribution": "is not drawn from the right distribution",
    }[finding.kind]
    return f"{where or 'what came back'} {hidden}."


def _raised(detail: str) -> str:
    """Return what was raised, without its message; the name of a class made up could tell too."""
    name = detail.removeprefix("raised ").partition(":")[0].partition(",")[0]
    return f"raised {name}" if hasattr(builtins, name) else "raised an exception"


def fresh(value: Any) -> Any:
    """Return a deep copy of plain data that keeps the memory layout of arrays."""
    if isinstance(value, np.ndarray):
        if value.flags.c_contiguous or value.flags.f_contiguous:
            return value.copy(order="K")
        return strided(value)
    if isinstance(value, Mapping):
        copied = {name: fresh(each) for name, each in value.items()}
        return copied if isinstance(value, dict) else type(value)(**copied)
    if isinstance(value, tuple | list):
        return type(value)(fresh(each) for each in value)
    return value


def strided(value: Any) -> Any:
    """Return an equal array whose last axis is every other entry of a larger one."""
    wide = np.zeros((*np.shape(value)[:-1], 2 * np.shape(value)[-1]), np.asarray(value).dtype)
    view = wide[..., ::2]
    view[...] = value
    return view
