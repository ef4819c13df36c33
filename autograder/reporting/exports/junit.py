"""JUnit XML, as Jenkins and GitLab read it: one suite for each submission.

The format: Jenkins's schema, junit-10.xsd of its xUnit plugin. It knows no points, so they are
properties of the suite: ``points`` and ``score``, and the same for each check.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import quoteattr

from autograder.grading.records import Record
from autograder.reporting.feedback import GRADED, sentence
from autograder.texts import line

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
END = "</testsuites>\n"
# A wrong answer fails; an error is what could not be graded.
OUTCOMES = {"failed": "failure", "error": "failure", "skipped": "skipped"}
MOST_REMEMBERED = 10_000  # elements: a class gives the same answers over and over


def junit_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield the results as one XML document, piece by piece; they are read twice."""
    yield junit_start(counts(record) for record in records)
    yield from map(junit_suite, records)
    yield END


def junit_start(counted: Iterable[Counter[str]]) -> str:
    """Return the beginning of the document, from the `counts` of every result."""
    totals: Counter[str] = Counter()
    for each in counted:
        totals.update(each)
    sums = " ".join(f'{key}="{totals[key]}"' for key in ("tests", "failures", "errors"))
    return f'{DECLARATION}\n<testsuites name="gradus" {sums}>\n'


def counts(record: Record) -> Counter[str]:
    """Count the test cases of a result by what became of them."""
    if record["status"] != GRADED:
        return Counter(tests=1, errors=1)
    verdicts = [
        check["verdict"] for exercise in record["exercises"] for check in exercise["checks"]
    ]
    tags = Counter(OUTCOMES.get(verdict, "") for verdict in verdicts)
    return Counter(tests=len(verdicts), failures=tags["failure"], skipped=tags["skipped"])


def junit_suite(record: Record) -> str:
    """Return the element of one result."""
    counted = counts(record)
    attributes = {
        "name": f"{record['assignment']}/{record['student']}",
        **{key: str(counted[key]) for key in ("tests", "failures", "errors", "skipped")},
        "time": f"{record['seconds']:.3f}",  # Jenkins allows no more
    }
    keys = ("assignment", "student", "submission", "status")
    properties = [_property(key, record[key]) for key in keys]
    prefix = f"{record['assignment']}.{record['student']}"
    if record["status"] == GRADED:
        properties.append(_points("", record["points"], record["score"]))
        cases = [_exercise(prefix, each, properties) for each in record["exercises"]]
    else:
        error = {"type": record["status"], "message": record["message"]}
        cases = [_case(prefix, "graded", _element("error", error))]
    parts = ["    <properties>\n", *properties, "    </properties>\n", *cases]
    return f"  {_tag('testsuite', attributes)}>\n{''.join(parts)}  </testsuite>\n"


def _exercise(prefix: str, exercise: dict[str, Any], properties: list[str]) -> str:
    """Return the cases of an exercise, and add the points of its checks to the properties."""
    name = exercise["exercise"]
    cases = []
    for check in exercise["checks"]:
        suffix = f".{name}.{check['check']}"
        properties.append(_points(suffix, check["points"], check["score"]))
        verdict = check["verdict"]
        outcome = "" if verdict == "passed" else _outcome(verdict, sentence(check))
        cases.append(_case(f"{prefix}.{name}", check["check"], outcome))
    return "".join(cases)


@lru_cache(MOST_REMEMBERED)
def _points(suffix: str, points: float, score: float) -> str:
    return _property(f"points{suffix}", f"{points:.10g}") + _property(
        f"score{suffix}", f"{score:.10g}"
    )


def _property(name: str, value: str) -> str:
    return f"      {_element('property', {'name': name, 'value': value})}\n"


@lru_cache(MOST_REMEMBERED)
def _outcome(verdict: str, message: str) -> str:
    return _element(OUTCOMES[verdict], {"type": verdict, "message": message})


def _case(classname: str, name: str, outcome: str) -> str:
    start = f"    <testcase classname={_quoted(classname)} name={_quoted(name)}"
    return f"{start}>\n      {outcome}\n    </testcase>\n" if outcome else f"{start} />\n"


def _element(name: str, attributes: dict[str, str]) -> str:
    return f"{_tag(name, attributes)} />"


def _tag(name: str, attributes: dict[str, str]) -> str:
    return f"<{name} {' '.join(f'{key}={_quoted(text)}' for key, text in attributes.items())}"


@lru_cache(MOST_REMEMBERED)
def _quoted(text: str) -> str:
    return quoteattr(line(text))
