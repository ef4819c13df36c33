"""The line of ``results.jsonl``: the contract with every reader of results."""

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import orjson

from autograder.model import CheckResult, Diagnosis, ExerciseResult, Result
from autograder.texts import json_text

SCHEMA_VERSION = 1
MOST_PICTURED = 64 << 10  # characters of the pictures of one submission

Record = dict[str, Any]  # one line of results.jsonl
Pictures = Mapping[str, Mapping[str, Mapping[str, Any]]]  # by exercise and check


class Entry(NamedTuple):
    """A result as the store keeps it: written out where it was graded, and passed on as text.

    Attributes
    ----------
    line : str
        Of ``results.jsonl``.
    fingerprints : str or None
        For each exercise with a mistake that nothing explains, the mistake's fingerprint, as JSON.
    pictures : str or None
        What shows the mistakes, as JSON; it is no part of the line.
    """

    assignment: str
    student: str
    line: str
    fingerprints: str | None = None
    pictures: str | None = None

    @classmethod
    def of(
        cls,
        record: Record,
        fingerprints: Mapping[str, str] | None = None,
        pictures: Pictures | None = None,
    ) -> Self:
        """Write a record out, and what belongs to it.

        Raises
        ------
        TypeError, ValueError
            If something is not plain data.
        """
        return cls(
            record["assignment"],
            record["student"],
            json_text(record),
            json_text(fingerprints) if fingerprints else None,
            json_text(pictures) if pictures else None,
        )


def entry(result: Result, confinement: str) -> Entry:
    """Return a result as the store keeps it."""
    unknown = {each.exercise: each.fingerprint for each in result.exercises if each.fingerprint}
    return Entry.of(record(result, confinement), unknown, pictures(result))


def read_json(text: str) -> Any:
    r"""Return what JSON says that `json_text` made.

    Examples
    --------
    >>> read_json('{"points": 1.5}'), read_json(r'"\udcff"')
    ({'points': 1.5}, '\udcff')
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # halves of surrogate pairs
        return json.loads(text)


def record(result: Result, confinement: str) -> Record:
    """Return a result as one line of ``results.jsonl``, as `RESULTS_SCHEMA` documents it."""
    return {
        "schema": SCHEMA_VERSION,
        "assignment": result.assignment,
        "student": result.student,
        "submission": result.submission,
        "status": str(result.status),
        "score": result.score,
        "points": result.points,
        "seconds": round(result.seconds, 4),
        "confinement": confinement,
        "message": result.message,
        "remarks": list(result.remarks),
        "exercises": [_exercise(each) for each in result.exercises],
        "cells": [
            {"index": cell.index, "outcome": cell.outcome, "message": cell.message}
            for cell in result.cells
        ],
    }


def pictures(result: Result) -> Pictures:
    """Return what shows the mistakes of a submission, by exercise and check.

    It is no part of the line. Beyond `MOST_PICTURED` characters there are no more pictures.
    """
    shown: dict[str, dict[str, Any]] = {}
    left = MOST_PICTURED
    for exercise in result.exercises:
        for check, picture in exercise.pictures.items():
            left -= len(json.dumps(picture))
            if left >= 0:
                shown.setdefault(exercise.exercise, {})[check] = picture
    return shown


def _exercise(result: ExerciseResult) -> dict[str, Any]:
    return {
        "exercise": result.exercise,
        "score": result.score,
        "points": result.points,
        "checks": [_check(check) for check in result.checks],
    }


def _check(result: CheckResult) -> dict[str, Any]:
    # Of a hidden check it would tell how large the expected value is.
    error = result.error if result.public else None
    return {
        "check": result.check,
        "title": result.title,
        "public": result.public,
        "verdict": str(result.verdict),
        "score": result.score,
        "points": result.points,
        "message": result.message,
        "diagnosis": _diagnosis(result.diagnosis),
        "error": None if error is None or not math.isfinite(error) else float(f"{error:.6g}"),
    }


def _diagnosis(diagnosis: Diagnosis | None) -> dict[str, str] | None:
    if diagnosis is None:
        return None
    together = " + " if diagnosis.kind == "both" else " or "
    return {"mutant": together.join(diagnosis.mutants), "hint": diagnosis.hint}


def _object(required: dict[str, Any], title: str) -> dict[str, Any]:
    return {
        "title": title,
        "type": "object",
        "properties": required,
        "required": list(required),
        "additionalProperties": False,
    }


def _enum(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


_TEXT = {"type": "string"}
_POINTS = {"type": "number", "minimum": 0}

RESULTS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        {
            "schema": {"const": SCHEMA_VERSION},
            "assignment": _TEXT,
            "student": _TEXT,
            "submission": {
                "description": "SHA-256 of the submitted notebook; empty if there was none to read",
                "type": "string",
                "pattern": "^([0-9a-f]{64})?$",
            },
            "status": _enum("graded", "malformed", "tampered", "fault"),
            "score": {
                "description": "points earned; null unless the status is graded, never zero",
                "type": ["number", "null"],
                "minimum": 0,
            },
            "points": _POINTS,
            "seconds": {"type": "number", "minimum": 0},
            "confinement": {
                "description": "of student code: full, or the layers that it did without",
                "type": "string",
                "pattern": "^(full|without [a-z]+(, [a-z]+)*)$",
            },
            "message": {"description": "why there is no score; else empty", **_TEXT},
            "remarks": {
                "description": "what a person should know; none changes the score",
                "type": "array",
                "items": _TEXT,
            },
            "exercises": {
                "type": "array",
                "items": _object(
                    {
                        "exercise": _TEXT,
                        "score": _POINTS,
                        "points": _POINTS,
                        "checks": {
                            "type": "array",
                            "items": _object(
                                {
                                    "check": _TEXT,
                                    "title": {
                                        "description": "the statement students read",
                                        **_TEXT,
                                    },
                                    "public": {"type": "boolean"},
                                    "verdict": _enum("passed", "failed", "error", "skipped"),
                                    "score": _POINTS,
                                    "points": _POINTS,
                                    "message": {
                                        "description": "what is wrong; no hidden value is in it",
                                        **_TEXT,
                                    },
                                    "diagnosis": {
                                        "anyOf": [
                                            {"type": "null"},
                                            _object({"mutant": _TEXT, "hint": _TEXT}, "diagnosis"),
                                        ]
                                    },
                                    "error": {
                                        "description": "in units of the tolerance, if public",
                                        "type": ["number", "null"],
                                    },
                                },
                                "check",
                            ),
                        },
                    },
                    "exercise",
                ),
            },
            "cells": {
                "type": "array",
                "items": _object(
                    {
                        "index": {"type": "integer", "minimum": 0},
                        "outcome": _enum(
                            "completed",
                            "raised",
                            "timed out",
                            "out of memory",
                            "crashed",
                            "output limit",
                            "skipped",
                        ),
                        "message": _TEXT,
                    },
                    "cell",
                ),
            },
        },
        "One line of results.jsonl",
    ),
}
