"""JUnit XML, as Jenkins and GitLab read it: one suite for each submission.

The format: Jenkins's schema, junit-10.xsd of its xUnit plugin. It knows no points, so they are
properties of the suite: ``points`` and ``score``, and the same for each check.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.grading.store import Record
from autograder.reporting.feedback import GRADED, sentence
from autograder.reporting.texts import line

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
# A wrong answer fails; an error is what could not be graded.
OUTCOMES = {"failed": "failure", "error": "failure", "skipped": "skipped"}


def junit_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield the results as one XML document, piece by piece; they are read twice."""
    totals: Counter[str] = Counter()
    for record in records:
        totals.update(_counts(record))
    sums = " ".join(f'{key}="{totals[key]}"' for key in ("tests", "failures", "errors"))
    yield f'{DECLARATION}\n<testsuites name="gradus" {sums}>\n'
    for record in records:
        suite = _suite(record)
        indent(suite, level=1)
        yield f"  {tostring(suite, encoding='unicode')}\n"
    yield "</testsuites>\n"


def _counts(record: Record) -> Counter[str]:
    """Count the test cases of a result by what became of them."""
    if record["status"] != GRADED:
        return Counter(tests=1, errors=1)
    verdicts = [
        check["verdict"] for exercise in record["exercises"] for check in exercise["checks"]
    ]
    tags = Counter(OUTCOMES.get(verdict, "") for verdict in verdicts)
    return Counter(tests=len(verdicts), failures=tags["failure"], skipped=tags["skipped"])


def _suite(record: Record) -> Element:
    suite = Element("testsuite", name=line(f"{record['assignment']}/{record['student']}"))
    properties = SubElement(suite, "properties")
    for key in ("assignment", "student", "submission", "status"):
        _property(properties, key, record[key])
    prefix = f"{record['assignment']}.{record['student']}"
    if record["status"] == GRADED:
        _points(properties, "", record)
        for exercise in record["exercises"]:
            for check in exercise["checks"]:
                _points(properties, f".{exercise['exercise']}.{check['check']}", check)
                suite.append(_case(f"{prefix}.{exercise['exercise']}", check))
    else:
        case = SubElement(suite, "testcase", classname=line(prefix), name="graded")
        SubElement(case, "error", type=record["status"], message=line(record["message"]))
    counts = _counts(record)
    for key in ("tests", "failures", "errors", "skipped"):
        suite.set(key, str(counts[key]))
    suite.set("time", f"{record['seconds']:.3f}")  # Jenkins allows no more
    return suite


def _points(properties: Element, suffix: str, scored: dict[str, Any]) -> None:
    for key in ("points", "score"):
        _property(properties, f"{key}{suffix}", f"{scored[key]:.10g}")


def _property(properties: Element, name: str, value: str) -> None:
    SubElement(properties, "property", name=line(name), value=line(value))


def _case(classname: str, check: dict[str, Any]) -> Element:
    case = Element("testcase", classname=line(classname), name=line(check["check"]))
    if check["verdict"] != "passed":
        tag = OUTCOMES[check["verdict"]]
        SubElement(case, tag, type=check["verdict"], message=line(sentence(check)))
    return case
