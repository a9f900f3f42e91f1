"""The published JSON Schemas are those of the types, and everything that there is fits them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import msgspec
import pytest

from grader.cli import main
from grader.reports.json_report import ReportRecord

jsonschema = pytest.importorskip("jsonschema", reason="NOT TESTED: needs the dev packages")

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
FILES = {"exercise": "exercise.json", "report": "report-1.json"}
EXERCISES = sorted((ROOT / "exercises").glob("*/exercise.toml"))
ANSWERS = sorted((ROOT / "submissions_example" / "mit-6390-recitation-8").glob("*.*"))


def validator(what: str):
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / FILES[what]).read_text(encoding="utf-8")))


@pytest.mark.parametrize("what", FILES)
def test_published_schema_is_sound_and_current(what: str, capsys):
    """If not: rnngrade author schema exercise -o docs/schemas/exercise.json; report -o report-1.json."""
    assert main(["author", "schema", what]) == 0
    assert capsys.readouterr().out == (SCHEMAS / FILES[what]).read_text(encoding="utf-8")
    validator(what).check_schema(validator(what).schema)


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.parent.name)
def test_an_exercise_that_comes_along_fits(path: Path):
    validator("exercise").validate(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("steps", "fits"),
    [("3", True), ('"{steps}"', True), ('"{case.k[1, 2]}"', True), ('"3"', False), ('"{s} "', False)],
)
def test_the_name_of_a_drawn_value_may_stand_for_a_number_and_no_other_text(steps: str, fits: bool):
    text = (ROOT / "tests/grader/specs/sound_trace.toml").read_text(encoding="utf-8")
    found = list(
        validator("exercise").iter_errors(tomllib.loads(text.replace("places = 2", f"places = {steps}")))
    )
    assert (not found) is fits


def changed(*keys: str | int, to: object) -> dict:
    table = tomllib.loads(EXERCISES[0].read_text(encoding="utf-8"))
    place = table
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = to
    return table


@pytest.mark.parametrize(
    "table",
    [
        changed("titel", to="x"),
        changed("question", 0, "points", to=True),
        changed("question", 0, "check", "kind", to="shpae"),
        changed("question", 0, "check", "sizs", to={}),
        changed("question", 0, "example", to=[{"title": "x", "answer": "q = 1", "verdict": "right"}]),
    ],
    ids=["key", "points", "kind", "parameter", "verdict"],
)
def test_a_mistake_in_an_exercise_does_not_fit(table: dict):
    assert not validator("exercise").is_valid(table)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_a_report_fits(path: Path, capsys):
    main(["submit", str(path), "--exercise", "mit-6390-recitation-8", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    validator("report").validate(report)
    assert set(report) <= {field.name for field in msgspec.structs.fields(ReportRecord)}
