"""The drawing of the unrolled network: edges and values that go together, and nothing of the key."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from grader.cli._options import load_exercise
from grader.grading import mark
from grader.model.exercise import Question
from grader.model.outcome import Outcome, Verdict
from grader.model.submission import AnswerFile, Submission
from grader.networks.drawn import LEAST_STEPS, MOST_LAYERS, MOST_STEPS, DrawnRun, unrolled
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import network
from grader.networks.library import library_names, library_network
from grader.reports import View
from grader.reports.html.evidence import evidence_blocks
from grader.reports.html.unrolled import unrolled_figure
from grader.reports.html_report import render

EXERCISES = Path(__file__).parents[3] / "exercises"
Drawn = dict[str, Any]


def outcomes(kind: str) -> Iterator[tuple[Question, str, Outcome]]:
    """What the wrong examples of a kind's questions get, reveal and all."""
    for path in sorted(EXERCISES.glob("*/exercise.toml")):
        exercise = load_exercise(str(path), with_examples=True)
        for question in exercise.questions:
            if question.kind != kind:
                continue
            alone = msgspec.structs.replace(exercise, questions=(question,))
            for example in question.examples:
                if example.verdict in (Verdict.PARTIAL, Verdict.INCORRECT):
                    files = (AnswerFile("answer.py", example.answer.encode()),)
                    report = mark(alone, Submission(student="s", files=files, digest=""))
                    yield question, example.title, report.questions[0].outcome


@pytest.fixture(scope="module")
def linear() -> list[Outcome]:
    return [outcome for _, _, outcome in outcomes("linear_system")]


@pytest.fixture(scope="module")
def traces() -> list[tuple[Question, str, Outcome]]:
    return list(outcomes("trace"))


def value(found: Drawn, name: str, t: int) -> list[Fraction] | None:
    if t < found["first_step"]:
        row = found["before"].get(name)
    else:
        row = found["values"][name][t - found["first_step"]]
    return None if row is None else [Fraction(str(one)) for one in row]


def test_edges_times_values_are_the_values_that_they_lead_to(linear: list[Outcome]) -> None:
    drawn = [outcome.facts["unrolled"] for outcome in linear if "unrolled" in outcome.facts]
    assert len(drawn) > 5
    for found in drawn:
        for name in {link["target"] for link in found["links"]}:
            links = [link for link in found["links"] if link["target"] == name]
            for i, row in enumerate(found["values"][name]):
                total = [Fraction(0)] * len(row)
                for link in links:
                    source = value(found, link["source"], found["first_step"] + i - link["lag"])
                    assert source is not None
                    for k, numbers in enumerate(link["numbers"]):
                        total[k] += sum(Fraction(str(a)) * b for a, b in zip(numbers, source, strict=True))
                assert total == [Fraction(str(one)) for one in row]


def test_a_linear_drawing_ends_where_the_counterexample_does(linear: list[Outcome]) -> None:
    for outcome in linear:
        if "unrolled" in outcome.facts:
            found, example = outcome.facts["unrolled"], outcome.facts["counterexample"]
            output, _, step = found["wrong"].partition("(")
            assert step == f"{len(example['inputs'])})"
            assert found["values"][output][-1] == example["got"][-1]
            assert found["values"]["x"] == example["inputs"][found["first_step"] - 1 :]


@pytest.mark.parametrize(
    ("level", "is_told"), [("verdict", False), ("location", False), ("counterexample", True)]
)
def test_a_linear_drawing_is_told_with_the_counterexample(
    linear: list[Outcome], level: Any, is_told: bool
) -> None:
    told = [one.up_to(level).facts() for outcome in linear for one in outcome.evidence]
    assert any("unrolled" in facts for facts in told) == is_told


def test_a_trace_is_drawn_with_what_was_handed_in_alone(traces: list[tuple[Question, str, Outcome]]) -> None:
    """The values that the question gives are inputs; all others are the student's, or are not there."""
    assert len(traces) > 20
    for question, _, outcome in traces:
        found = outcome.facts.get("unrolled")
        if found is None:
            continue
        given = set(question.params.network.inputs)  # type: ignore[attr-defined]
        for name in set(found["layers"]) - given - set(question.asks.fields):
            example = next(one for one in question.examples if one.title == _)
            if f"{name}=" not in example.answer.replace(" ", "") and f'"{name}":' not in example.answer:
                assert set(map(str, found["values"][name])) == {"None"}


def test_what_is_drawn_as_wrong_is_told_as_not_right(traces: list[tuple[Question, str, Outcome]]) -> None:
    seen = 0
    for _, title, outcome in traces:
        if "unrolled" in outcome.facts:
            words = " ".join(one.message for one in outcome.feedback)
            assert outcome.facts["unrolled"]["wrong"].partition("[")[0] in words, title
            seen += 1
    assert seen > 20


LSTM = library_network("library/lstm").network


@pytest.mark.parametrize("name", library_names())
@pytest.mark.parametrize("last", [1, 2, 1000])
def test_every_network_that_comes_along_is_drawn_or_left_out_as_a_whole(name: str, last: int) -> None:
    found = network_of(library_network(name).network)
    steps = [one.name for one in found.equations if not one.is_static]
    drawn = unrolled(found, DrawnRun(values={}, parameters={}, wrong=(steps[-1], last)))
    if drawn is None:
        return
    assert len(drawn.layers) <= MOST_LAYERS
    assert all(len(rows) <= MOST_STEPS for rows in drawn.values.values())
    assert last - drawn.first_step + 1 >= min(last, LEAST_STEPS)
    assert {link.source for link in drawn.links} | {link.target for link in drawn.links} <= set(drawn.layers)
    assert unrolled_figure(drawn).find(".//svg") is not None


def test_what_is_not_drawn_is_said() -> None:
    drawn = unrolled(network_of(LSTM), DrawnRun(values={}, parameters={}, wrong=("h", 9)))
    figure = unrolled_figure(drawn)
    words = "".join(figure.itertext())
    assert "Steps before 6 are left out." in words
    assert "Not drawn: i, f, o, g." in words
    assert {(one.source, one.target, one.lag) for one in drawn.links} >= {
        ("x", "c", 0),
        ("c", "h", 0),
        ("c", "c", 1),
    }


def edges(
    equation: str, parameters: dict[str, Any], widths: dict[str, int]
) -> dict[tuple[str, int, str], Any]:
    """The links into h(t) of a network with two units and two inputs."""
    table = {
        "inputs": {"x": "2"},
        "parameters": {name: f"{len(rows)} x {len(rows[0])}" for name, rows in parameters.items()},
        "equations": [equation],
    }
    values = {name: [[1] * width] for name, width in widths.items()}
    drawn = unrolled(network(table), DrawnRun(values=values, parameters=parameters, wrong=("h", 1)))
    assert drawn is not None
    return {(one.source, one.lag, one.by): one.numbers for one in drawn.links}


A, B, C = [[1, 2], [3, 4]], [[5, 6], [7, 8]], [[1, 2, 3, 4], [5, 6, 7, 8]]
EQUATIONS = {
    "h(t) = tanh(A @ h(t-1) + B.T @ x(t))": {("h", 1, "A"): A, ("x", 0, "B^T"): [[5, 7], [6, 8]]},
    "h(t) = tanh(h(t-1) @ A + x(t) @ B.T)": {("h", 1, "A"): A, ("x", 0, "B^T"): [[5, 7], [6, 8]]},
    "h(t) = A @ (B @ h(t-2)) + x(t)": {("h", 2, "B"): B, ("x", 0, ""): []},
    "h(t) = C @ stack(h(t-1), x(t))": {
        ("h", 1, "C, columns 1-2"): [[1, 2], [5, 6]],
        ("x", 0, "C, columns 3-4"): [[3, 4], [7, 8]],
    },
    "h(t) = x(t) * (A @ x(t)) + B @ h(t-1)": {("x", 0, "A"): A, ("h", 1, "B"): B},
}


@pytest.mark.parametrize("equation", EQUATIONS)
def test_the_numbers_of_an_edge_are_those_that_multiply(equation: str) -> None:
    used = {
        name: rows
        for name, rows in (("A", A), ("B", B), ("C", C))
        if f"{name} " in equation or f"{name}." in equation or f"{name})" in equation
    }
    assert edges(equation, used, {"h": 2, "x": 2}) == EQUATIONS[equation]


HOSTILE = "</svg><script>alert(1)</script>"
ODD = [HOSTILE, "1e400", 10**400, float("nan"), float("inf"), -1e-300, "1/3", None, [], {"a": 1}, True]


@pytest.mark.parametrize("odd", ODD, ids=lambda one: str(one)[:12])
def test_whatever_stands_in_a_record_is_text_or_is_left_out(odd: Any, sample: ModuleType) -> None:
    drawn = unrolled(
        network(
            {
                "inputs": {"x": "2"},
                "parameters": {"A": "2 x 2"},
                "equations": ["h(t) = tanh(A @ h(t-1) + x(t))"],
            }
        ),
        DrawnRun(values={"x": [[1, 2]], "h": [[3, 4]]}, parameters={"A": A}, wrong=("h", 1)),
    )
    found = msgspec.to_builtins(drawn)
    found["values"]["h"] = [[odd, odd]]
    found["links"][0]["numbers"] = [[odd, 1], [1, odd]]
    asked = sample.question("a", Verdict.INCORRECT, "0", evidence={"unrolled": found})
    page = render(sample.report(asked), View())
    assert "<script" not in page
    assert "cannot be drawn" not in page
    assert "h(1) is the first value that is not right." in page


def test_a_broken_record_costs_the_drawing_only() -> None:
    blocks = evidence_blocks({"unrolled": {"layers": ["x"]}, "losses": [2.0, 1.0]})
    assert [block.tag for block in blocks] == ["figure", "p"]


def test_the_first_wrong_node_is_told_by_shape_and_words() -> None:
    drawn = unrolled(
        network(
            {
                "inputs": {"x": "number"},
                "parameters": {},
                "equations": ["h(t) = h(t-1) + x(t)"],
                "sizes": {"h": "number"},
            }
        ),
        DrawnRun(values={"x": [[1]], "h": [[3]]}, parameters={}, wrong=("h", 1)),
    )
    figure = unrolled_figure(drawn)
    shapes: list[ET.Element] = [one for one in figure.iter() if "node" in (one.get("class") or "")]
    assert sorted((one.tag, one.get("class")) for one in shapes) == [
        ("path", "node wrong"),
        ("rect", "node"),
        ("rect", "node"),
    ]
    assert "✗ not right" in "".join(figure.itertext())
