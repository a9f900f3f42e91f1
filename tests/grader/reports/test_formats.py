from __future__ import annotations

import pytest

from grader.model.outcome import Verdict
from grader.reports import find_format, format_names


def test_terminal_and_json_are_there():
    assert {"terminal", "json"} <= set(format_names())


@pytest.mark.parametrize("name", format_names())
def test_format_is_called_as_its_file(name: str):
    found = find_format(name)
    assert name == found.FORMAT
    assert found.SUFFIX.startswith(".")


def test_no_two_formats_share_a_suffix():
    suffixes = [find_format(name).SUFFIX for name in format_names()]
    assert len(set(suffixes)) == len(suffixes)


def test_unlisted_name_is_never_imported():
    with pytest.raises(KeyError):
        find_format("os")


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("name", format_names())
@pytest.mark.parametrize(
    "evidence",
    [
        {"losses": [1e308, 1e308], "every": 1},
        {"losses": ["inf", 5e-324, None, 1e308], "every": "inf"},
        {"series": {"predicted": [["inf", "nan"]], "wanted": [[1e308, -1e308]]}},
        {"series": {"predicted": 3, "wanted": None}},
        {"counterexample": {"inputs": nested(500), "expected": nested(500), "got": "x" * 5000}},
        {"counterexample": {"inputs": None, "expected": [10**4000], "got": [-(10**4000)]}},
    ],
    ids=lambda evidence: str(evidence)[:40],
)
def test_no_evidence_costs_another_question_its_report(sample, name: str, evidence: dict):
    calm = sample.question("other", Verdict.INCORRECT, "0", "Output 2 is not the product.")
    told = find_format(name).render(
        sample.report(sample.question("odd", Verdict.INCORRECT, "0", "Odd.", evidence=evidence), calm)
    )
    assert "Output 2 is not the product." in " ".join(told.split())
