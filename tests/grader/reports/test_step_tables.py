"""A counterexample step by step: what came in, what the units did, what was wanted and what came."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from grader.reports.blocks import HeadedTable
from grader.reports.facts import counterexample_of
from grader.reports.html.evidence import evidence_blocks
from grader.reports.question_text import counterexample_block
from grader.reports.terminal_style import UNICODE

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


# As a function returns it that takes a batch: two sequences of three steps.
BATCH = {
    "inputs": {"x": [[1, 2, 3], [4, 5, 6]]},
    "sizes": {"N": 2, "T": 3, "n_h": 1},
    "expected": [[[0.5], [0.25], [0.1]], [[1.0], [2.0], [3.0]]],
    "got": [[[0.5], [0.25], [0.1 + 1e-16]], [[7.0], [2.0], [3.0]]],
    "first_wrong_step": 1,
}
LAST_DIGIT = {**LONG, "got": [[0, 1 + 2e-16], *LONG["got"][1:]]}  # type: ignore[misc]


def texts(example: dict[str, Any]) -> HeadedTable:
    """The table of the terminal."""
    shown = counterexample_block(counterexample_of({"counterexample": example}), UNICODE)
    (found,) = (one for one in shown if isinstance(one, HeadedTable))
    return found


def test_rows_of_a_batch_are_its_sequences_and_the_wrong_one_is_marked() -> None:
    (heading, first, second) = cells(blocks(counterexample=BATCH))
    assert heading == ["", "sequence", "x", "wanted", "yours"]
    assert (first[0], second[:2]) == ("", ["→ differs first here", "2"])
    assert texts(BATCH).headings == ("", "sequence", "wanted", "yours")
    assert [row[:2] for row in texts(BATCH).rows] == [("", "1"), ("→", "2")]


def test_steps_first_are_steps_also_where_there_is_a_batch() -> None:
    steps_first = {**LONG, "sizes": {"N": 2, "T": 7}}
    assert cells(blocks(counterexample=steps_first))[0][1] == "t"
    assert texts(steps_first).headings[1] == "t"


@pytest.mark.parametrize("example", [BATCH, LAST_DIGIT])
def test_last_digits_of_what_is_right_are_not_shown(example: dict[str, Any]) -> None:
    for first in (texts(example).rows[0], cells(blocks(counterexample=example))[1]):
        assert first[-1] == first[-2]


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


def test_a_broken_drawing_takes_no_table_with_it() -> None:
    found = evidence_blocks({"counterexample": LONG, "unrolled": {"layers": ["h"], "first_step": 2}})
    assert any(one.find(".//td") is not None for one in found)
    assert "cannot be drawn" in "".join(found[-1].itertext())
