"""A counterexample step by step: what came in, what the units did, what was wanted and what came."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from grader.reports.html.evidence import evidence_blocks

LONG = {
    "inputs": {"x": [0, 1, 1, 0, 1, 1, 0]},
    "expected": [[0, 1], [0, 0], [0, "1/3"], [0, 0], [0, 1], [0, 0], [0, 1]],
    "got": [[0, 1], [0, 0], [0, "1/3"], [0, 0], [0, 0], [0, 0], [0, "1/2"]],
    "first_wrong_step": 5,
}


def blocks(**evidence: Any) -> list[ET.Element]:
    return evidence_blocks(evidence)


def cells(found: list[ET.Element]) -> list[list[str]]:
    table = next(one for block in found for one in block.iter("table") if one.find("caption") is not None)
    return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


def test_named_inputs_and_units_have_a_column_each() -> None:
    rows = cells(blocks(counterexample=LONG, units={"h": [[t] for t in range(7)], "y": [[1]] * 3}))
    assert rows[0] == ["", "t", "x", "your h", "wanted", "yours"]
    assert rows[5] == ["→ differs first here", "5", "1", "[4]", "[0, 1]", "[0, 0]"]


def test_the_output_that_differs_is_drawn_and_the_step_is_marked() -> None:
    found = next(one for one in blocks(counterexample=LONG) if one.tag == "figure")
    words = "".join(found.itertext())
    assert "Output 2 over all steps" in words
    assert "step 5" in words
    (line,) = (one.get("d", "") for one in found.iter("path") if one.get("class") == "marked")
    points = next(one.get("d", "") for one in found.iter("path") if one.get("class") == "first")
    across = [float(x) for x in re.findall(r"[ML]([\d.]+) ", points)]
    assert len(across) == 7  # a fraction as text is a number, too
    assert float(line[1:].split()[0]) == pytest.approx(across[4], abs=0.1)


@pytest.mark.parametrize("odd", ["nan", "1/0", "x", None, [], {}, 10**400, "1e999", "1e999999999"])
def test_odd_values_cost_no_block(odd: Any) -> None:
    example = {**LONG, "got": [[odd, odd]] * 7}
    words = " ".join("".join(one.itertext()) for one in blocks(counterexample=example))
    assert "cannot be drawn" not in words


def test_rows_of_other_lengths_cost_the_picture_only() -> None:
    example = {**LONG, "got": [[]] * 7}
    words = " ".join("".join(one.itertext()) for one in blocks(counterexample=example, losses=[2.0, 1.0]))
    assert "Step by step" in words
    assert "Your losses" in words


def test_few_steps_are_not_drawn() -> None:
    short = {**LONG, **{key: LONG[key][:5] for key in ("expected", "got")}}  # type: ignore[index]
    assert [one.tag for one in blocks(counterexample=short)] == ["p", "ul", "div"]


def test_the_state_of_a_linear_network_has_a_column() -> None:
    example = {"inputs": [[1], [0]], "expected": [[1], [1]], "got": [[1], [2]], "first_wrong_step": 2}
    drawn = {
        "layers": ["x", "s", "g"],
        "links": [
            {"source": "x", "target": "s", "lag": 0, "by": "B", "numbers": [[1]]},
            {"source": "s", "target": "g", "lag": 0, "by": "C", "numbers": [[1]]},
        ],
        "first_step": 1,
        "values": {"x": [[1], [0]], "s": [[1], [2]], "g": [[1], [2]]},
        "before": {"s": [0]},
        "right": ["g(1)"],
        "wrong": "g(2)",
        "left_out": [],
    }
    rows = cells(blocks(counterexample=example, unrolled=drawn))
    assert rows[0] == ["", "t", "x", "your s", "wanted", "yours"]
    assert rows[2] == ["→ differs first here", "2", "[0]", "[2]", "[1]", "[2]"]
    later = cells(blocks(counterexample=example, unrolled={**drawn, "first_step": 2}))
    assert later[0] == ["", "t", "x", "wanted", "yours"]
