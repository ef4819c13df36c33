"""`gradus doctor` and `gradus schema`."""

import json

from tests.cli.runs import gradus
from tests.conftest import ROOT


def test_the_doctor_looks_at_the_machine_and_the_course(ready):
    done = gradus(ready.root, "doctor")
    assert done.returncode == 0, done.stdout
    assert "ok      sandbox: a cell completed" in done.stdout
    assert "bundle of a01_tiny: current" in done.stdout


def test_the_schemas_are_printed_and_documented(tmp_path):
    printed = json.loads(gradus(tmp_path, "schema").stdout)
    assert set(printed) == {"grading", "results"}
    for name, schema in printed.items():
        assert json.loads((ROOT / f"docs/{name}.schema.json").read_text()) == schema
