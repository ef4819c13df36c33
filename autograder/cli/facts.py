"""Commands that say what is there: ``curriculum``, ``doctor``, ``schema``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.consoles import say, write
from autograder.cli.options import PATH, root_of, with_course
from autograder.errors import FaultError

if TYPE_CHECKING:
    from autograder.model import Course


@click.command()
@click.option("--out", "path", type=PATH, help="Write the page there.")
@with_course
def curriculum(course: "Course", path: Path | None) -> None:
    """Print what the course holds and where each topic is taught, as a page of Markdown."""
    from autograder.reporting.curriculum import curriculum_page, read_topics

    page = curriculum_page(course, read_topics(course))
    if path is None:
        write(page)
    else:
        path.write_text(page, encoding="utf-8")
        say(f"wrote {path}")


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say what this machine and this course offer, and what is missing."""
    from autograder.grading.health import examine

    findings = examine(root_of(context))
    for finding in findings:
        mark = "ok     " if finding.good else "missing" if finding.required else "note   "
        say(f"{mark} {finding.name}: {finding.detail}")
    if any(finding.required and not finding.good for finding in findings):
        raise FaultError("this machine cannot grade as it is; see what is missing above")


@click.command()
@click.option("--out", "folder", type=PATH, help="Write them here instead.")
def schema(folder: Path | None) -> None:
    """Print the JSON Schemas of grading.yml and of a line of results.jsonl."""
    from autograder.config import CourseConfig
    from autograder.grading.records import RESULTS_SCHEMA

    schemas = {"grading": CourseConfig.model_json_schema(), "results": RESULTS_SCHEMA}
    if folder is None:
        write(json.dumps(schemas, indent=2) + "\n")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in schemas.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        say(f"wrote {path}")
