from __future__ import annotations

import json
from fractions import Fraction

import msgspec
import pytest

from grader.model.outcome import Verdict
from grader.reports import find_format
from grader.reports.json_report import as_record

TOP = """schema exercise exercise_digest student submission_digest grader_version seed
points max_points fraction questions sandbox usage notes"""
QUESTION = "id label verdict points max_points fraction basis feedback diagnoses evidence"


def rendered(report):
    return json.loads(find_format("json").render(report))


def test_keys_are_those_of_the_contract_in_its_order(sample):
    record = rendered(sample.everything())
    assert list(record) == TOP.split()
    assert record["schema"] == "rnngrade/report/1"
    assert all(list(question) == QUESTION.split() for question in record["questions"])
    assert record["sandbox"] == {"level": "limits", "layers": ["rlimit"]}
    assert record["usage"] == {"cpu_s": 0.123457, "wall_s": 0.5, "max_rss_mib": 30.0}


def test_numbers_are_rounded_once_at_output(sample):
    record = rendered(sample.report(*(sample.question(name, Verdict.PARTIAL, "1/3") for name in "abc")))
    assert [question["points"] for question in record["questions"]] == [1.333333] * 3
    assert (record["points"], record["max_points"], record["fraction"]) == (4.0, 12.0, 0.333333)


def test_staff_feedback_is_there_with_its_audience_for_staff_alone(sample):
    feedback = as_record(sample.everything())["questions"][6]["feedback"]
    assert feedback == [
        {"code": "crash", "message": "staff only: /srv/secret.py line 3", "audience": "staff"}
    ]
    assert rendered(sample.everything())["questions"][6]["feedback"] == []


def test_evidence_that_is_not_json_is_made_so(sample):
    odd = {
        "nan": float("nan"),
        "inf": [float("-inf")],
        "third": Fraction(1, 3),
        "text": "a\udce9",
        1: (1, None),
    }
    question = sample.question("a", Verdict.INCORRECT, evidence=odd)
    assert rendered(sample.report(question))["questions"][0]["evidence"] == {
        "nan": "nan",
        "inf": ["-inf"],
        "third": 0.333333,
        "text": "a\\udce9",
        "1": [1, None],
    }


@pytest.mark.parametrize(
    "value",
    [
        10**30,
        -(10**30),
        10**5000,
        5e-324,
        1e308,
        float("nan"),
        float("-inf"),
        Fraction(10**5000, 3),
        "\ud800",
    ],
    ids=["long", "negative", "5,000 digits", "subnormal", "large", "nan", "inf", "fraction", "half a letter"],
)
def test_any_value_of_the_evidence_is_json_that_the_gradebook_takes(sample, value: object):
    report = sample.report(sample.question("a", Verdict.INCORRECT, evidence={"got": [value], "deep": value}))
    record = as_record(report)
    kept = msgspec.json.decode(msgspec.json.encode(record))
    assert kept == json.loads(json.dumps(record, allow_nan=False))
    assert len(kept["questions"][0]["evidence"]["got"]) == 1


@pytest.mark.parametrize("sign", ["\x7f", "\x9b", "\xad", "\u2028", "\u202e", "\ufeff", "\U000e0041"])
def test_signs_that_cannot_be_seen_are_escaped_and_read_back(sample, sign: str):
    report = msgspec.structs.replace(sample.report(), student=f"a{sign}b é 😀")
    text = find_format("json").render(report)
    assert sign not in text
    assert "é 😀" in text
    assert json.loads(text)["student"] == f"a{sign}b é 😀"
