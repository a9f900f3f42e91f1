"""Step 6 for traces: mistakes and pairs are named, right answers are not, credit is the question's."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.grading.judging import LOST_POINTS
from grader.kinds.trace import KIND
from grader.kinds.trace import diagnose as trace
from grader.kinds.trace.diagnose import asked_network
from grader.kinds.trace.question import TraceParams
from grader.model.evidence import facts
from grader.model.kind import Answer
from grader.model.outcome import Finding, Outcome, Verdict
from grader.model.value import Items, Number, Text, Value
from grader.networks.library import library_network
from grader.networks.mutants.explaining import in_pairs, singles

# CE/CZ4042 Tutorial 8, question 1.
SHEET: dict[str, Any] = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
W_ELMAN, W_JORDAN = [[2.0, 1.3], [1.5, 0.0]], [[2.0, 1.3]]
# Found by hill climbing so that no conceptual mistake is near another and honest rounding never shows.
CALM: dict[str, Any] = {
    "x": [[-0.5, -1.5, -0.5], [0, 1.5, 1], [-0.5, 1.5, 0], [1, -1.5, -1.5]],
    "U": [[-0.6, 0.9], [-1.2, 0.3], [0.7, -1]],
    "V": [[1.1], [-0.9]],
    "b": [0.6, 1.0],
    "c": [0.5],
}
CALM_W = {"elman": [[-2.7, -1.4], [0.9, 0.4]], "jordan": [[-3.6, -0.9]]}
# Found by hill climbing over one-decimal weights: at 2 decimal places all known mistakes, those about
# rounding too, give different outputs.
DEMONSTRATION_W: dict[str, Any] = {"elman": ((-3.0, -0.4), (-2.1, 2.2)), "jordan": ((-3.1, 1.3),)}
DEMONSTRATION: dict[str, Any] = {
    "x": ((1, 0, 0), (-0.5, 0, 0), (0, 1, 1.5), (-1, -2, 0), (1, -0.5, 1.5)),
    "U": ((0.6, -1), (0.3, -1.3), (0.4, 0.4)),
    "V": ((2.4,), (1.8,)),
    "b": (-0.7, 0.8),
    "c": (-0.2,),
}
OTHER = {"elman": "jordan", "jordan": "elman"}


def question(cell: str, W: dict[str, Any], values: dict[str, Any]) -> TraceParams:
    """The outputs by hand, which may be mistaken for those of the other network."""
    network, other = (library_network(f"library/{name}").network for name in (cell, OTHER[cell]))
    return msgspec.convert(
        {
            "network": network,
            "values": {**values, "W": W[cell]},
            "others": [{"network": other, "name": OTHER[cell], "values": {"W": W[OTHER[cell]]}}],
        },
        TraceParams,
    )


QUESTIONS: dict[str, TraceParams] = {
    f"{title} {cell}": question(cell, W, values)
    for title, W, values in (
        ("sheet", {"elman": W_ELMAN, "jordan": W_JORDAN}, SHEET),
        ("calm", CALM_W, CALM),
        ("sharp", DEMONSTRATION_W, DEMONSTRATION),
    )
    for cell in OTHER
}


def cell_of(params: TraceParams) -> str:
    return "elman" if "h(t-1)" in params.network.equations[0] else "jordan"


def to_plain(rows: Any) -> Value:
    if isinstance(rows, (list, tuple, np.ndarray)):
        return Items(tuple(to_plain(row) for row in rows))
    return Number(str(rows), "float")


def named_mistakes(params: TraceParams, size: int) -> list[Any]:
    """The mistakes that have a name of their own, by themselves or two together."""
    declared = {table.id for table in params.network.mistake}
    every = singles(asked_network(params), "by-hand", params.places)
    known = [one for one in every if one.id in declared]
    return known if size == 1 else list(in_pairs(known))


def judge(params: TraceParams, **fields: Any) -> tuple[Outcome, Finding]:
    answer = Answer(fields={name: to_plain(rows) for name, rows in fields.items()})
    judgement = KIND.judge(params, answer)
    has_lost = judgement.outcome.verdict in LOST_POINTS
    return judgement.outcome, trace.diagnose(params, judgement.facts) if has_lost else Finding()


def named(finding: Finding) -> list[tuple[str, ...]]:
    return [tuple(ids) for ids in facts(finding.evidence).get("diagnosis", {}).get("explanations", [])]


def work(params: TraceParams, made: tuple[str, ...], student: Callable[..., Any]) -> Any:
    """(h, y) of a student in plain loops, or None where the sizes do not allow it."""
    net = {name: params.values[name] for name in "xUWVbc"}
    try:
        return student(cell_of(params), made, net, params.others[0].values["W"], params.places)
    except (IndexError, OverflowError):
        return None


def could_hand_in(params: TraceParams, made: tuple[str, ...], y: Any, student: Callable[..., Any]) -> bool:
    """Whether the mistakes, with or without honest rounding on the way, give every number."""
    paths = [(), ("h-rounded",), ("feedback-rounded",), ("h-rounded", "feedback-rounded")]
    # To one place more all are rounded together; that moves a number by less than half a unit.
    near = [np.abs(np.array(work(params, (*made, *path), student)[1]) - y) <= 0.01 + 1e-9 for path in paths]
    return bool(np.any(near, axis=0).all())


def own_names(params: TraceParams, found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Explanations by mistakes that have a name of their own: plain loops make those."""
    declared = {table.id for table in params.network.mistake}
    return [ids for ids in found if declared.issuperset(ids)]


def shows_too_little(params: TraceParams, y: Any, size: int, student: Callable[..., Any]) -> bool:
    """Whether so few entries are wrong that other slips would be named as well."""
    right = np.array(work(params, (), student)[1])
    return int((np.abs(right - y) > 0.005).sum()) < trace.least_wrong(params) + size - 1


def is_guessable(y: Any, size: int) -> bool:
    """Whether nobody has to work for it: one number at every step, or two mistakes that leave 0 and ±1."""
    is_whole = set(np.asarray(y, dtype=float).flat) <= {-1.0, 0.0, 1.0}
    return bool(np.ptp(y, axis=0).max() <= 0.01 + 1e-12) or (size == 2 and is_whole)


@pytest.mark.parametrize("title", QUESTIONS)
@pytest.mark.parametrize("number", [-1, 0, 0.02, 0.27, 0.5, 0.62, 0.73, 1])
def test_a_constant_earns_no_more_than_its_right_steps(title: str, number: float) -> None:
    params = QUESTIONS[title]
    outcome, finding = judge(params, y=[number] * len(params.values["x"]))
    assert finding == Finding()
    assert outcome.fraction <= Fraction(1, len(params.values["x"]))


@pytest.mark.parametrize("title", QUESTIONS)
def test_a_row_of_zeros_and_ones_is_explained_by_one_mistake_or_not_at_all(title: str) -> None:
    params = QUESTIONS[title]
    for row in itertools.product((0, 1), repeat=len(params.values["x"])):
        _, finding = judge(params, y=row)
        assert all(len(made) == 1 for made in named(finding)), row


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("title", QUESTIONS)
def test_every_mistake_and_pair_is_named_or_hidden_behind_fewer(
    title: str, size: int, student: Callable[..., Any]
) -> None:
    params = QUESTIONS[title]
    told = 0
    for one in named_mistakes(params, size):
        made = tuple(mistake.id for mistake in one.mistakes)
        worked = work(params, made, student)
        if worked is None:
            continue
        y = np.round(worked[1], params.places)
        outcome, finding = judge(params, y=y)
        if outcome.verdict is Verdict.CORRECT:
            assert finding == Finding(), made
            continue
        if is_guessable(y, size):
            assert all(len(ids) < size for ids in named(finding)), made
            continue
        found = named(finding)
        if not found and shows_too_little(params, y, size, student):
            continue
        assert found, made
        if len(found[0]) == size:
            told += 1
            assert made in found
        for other in own_names(params, found):
            assert could_hand_in(params, other, y, student), (made, other)
    assert told >= (28 if size == 1 else 300)


@pytest.mark.parametrize("title", ["sheet elman", "sheet jordan", "sharp elman"])
def test_what_is_named_together_is_what_the_question_cannot_tell_apart(
    title: str, student: Callable[..., Any]
) -> None:
    params = QUESTIONS[title]
    known = trace.cannot_tell(params)
    for one in named_mistakes(params, 1):
        worked = work(params, (one.id,), student)
        _, finding = judge(params, y=np.round(worked[1], params.places))
        others = {ids[0] for ids in named(finding)} - {one.id}
        assert others <= set(known.alike[one.id])


def test_identifiability_is_what_the_worked_table_says() -> None:
    known = trace.cannot_tell(QUESTIONS["sheet elman"])
    # All pre-activations that matter are positive or saturate: the two give the same numbers, and so does an
    # activation of the bias alone, tanh(0.2) = 0.197.
    assert known.alike["linear-hidden"] == ("relu-hidden", "h-b-alone-inside")
    assert "h-cut-off" in known.invisible
    assert known.alike["w-not-transposed"] == ()


def test_hidden_values_tell_apart_what_outputs_cannot(student: Callable[..., Any]) -> None:
    params = QUESTIONS["calm elman"]
    h, y = work(params, ("starts-from-bias",), student)
    assert named(judge(params, y=np.round(y, 2))[1]) == [("starts-from-halves",), ("starts-from-bias",)]
    assert named(judge(params, y=np.round(y, 2), h=np.round(h, 2))[1]) == [("starts-from-bias",)]


def test_several_explanations_are_said_to_be_several(student: Callable[..., Any]) -> None:
    params = QUESTIONS["sheet elman"]
    _, finding = judge(params, y=np.round(work(params, ("linear-hidden",), student)[1], 2))
    assert [one.code for one in finding.feedback] == ["consistent-with", "slip-credit"]
    assert "3 explanations" in finding.feedback[0].message


def test_known_mistake_with_honestly_rounded_working_is_named(student: Callable[..., Any]) -> None:
    params = QUESTIONS["sheet elman"]
    _, y = work(params, ("b-forgotten", "h-rounded"), student)
    assert named(judge(params, y=np.round(y, 2))[1]) == [("b-forgotten",)]


@pytest.mark.parametrize(
    ("made", "slip_credit", "fraction"),
    [
        (("tanh-output",), None, Fraction(1, 2)),
        (("tanh-output",), "1/3", Fraction(1, 3)),
        (("tanh-output",), 0, Fraction(0)),
        (("tanh-output", "b-forgotten"), None, Fraction(1, 4)),
    ],
)
def test_credit_is_the_questions_rule(
    made: tuple[str, ...], slip_credit: Any, fraction: Fraction, student: Callable[..., Any]
) -> None:
    params = QUESTIONS["sheet elman"]
    if slip_credit is not None:
        params = msgspec.structs.replace(params, slip_credit=Fraction(slip_credit))
    assert judge(params, y=np.round(work(params, made, student)[1], 2))[1].fraction == fraction


def test_answer_to_the_other_question_is_named_and_earns_nothing(student: Callable[..., Any]) -> None:
    params = QUESTIONS["sheet jordan"]
    _, finding = judge(params, y=[0.27, 0.73, 0.94, 0.11])
    assert named(finding) == [("elman-for-jordan",)]
    assert finding.fraction is None


@pytest.mark.parametrize(
    "y",
    [
        [27, 73, 94, 11],
        ["0,27", "0.73", "0.94", "0.2"],
        [0.5, 0.5, 0.5, 0.5],
        [0.27, 0.73, 0.94, 0.99],
    ],
)
def test_what_no_known_mistake_gives_is_not_explained(y: list[Any]) -> None:
    plain = Items(tuple(Text(v) if isinstance(v, str) else Number(str(v), "float") for v in y))
    answer = Answer(fields={"y": plain})
    params = QUESTIONS["sheet elman"]
    assert trace.diagnose(params, KIND.judge(params, answer).facts) == Finding()


def test_right_answers_are_never_diagnosed(student: Callable[..., Any]) -> None:
    rng = np.random.default_rng(11)
    for params in QUESTIONS.values():
        exact = np.array(work(params, (), student)[1])
        for digits in (2, 3, 15, *rng.integers(2, 8, 20)):
            outcome, finding = judge(params, y=np.round(exact, digits))
            assert (outcome.fraction, finding) == (1, Finding())


def test_a_mistake_is_named_where_a_matrix_is_computed_before_the_first_step() -> None:
    table = {
        "network": {
            "inputs": {"x": "n"},
            "parameters": {"A": "n x n", "B": "n x n"},
            "equations": ["M = 2 * A + B", "h(t) = M @ x(t) + M @ h(t-1)"],
        },
        "places": 2,
        "values": {
            "x": [[1, 0], [0, 1], [1, 1]],
            "A": [[0.1, 0.2], [0, 0.1]],
            "B": [[0, 0.1], [0.3, 0]],
        },
        "asked": ["h"],
    }
    params = msgspec.convert(table, TraceParams)
    # M is ((0.2, 0.5), (0.3, 0.2)); M^T x(t) + M h(t-1) in its place gives these.
    M, h, states = np.array([[0.2, 0.5], [0.3, 0.2]]), np.zeros(2), []
    for x in np.array([[1, 0], [0, 1], [1, 1]]):
        h = M.T @ x + M @ h
        states.append(h.round(2).tolist())
    outcome, found = judge(params, h=states)
    assert outcome.verdict == "partial"
    assert any("M" in one.message and "transposed" in one.message for one in found.diagnoses)
