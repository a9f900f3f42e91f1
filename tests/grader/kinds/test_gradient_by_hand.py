"""Gradients worked out by hand: honest working counts, however it was rounded; guesses are not explained."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.kinds.gradient.by_hand import right_by_hand
from grader.kinds.gradient.question import GradientParams
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise

EXERCISE = load_exercise(find_exercise("backpropagation").path, Kinds(kind_names(), find_kind))
X, D = (1, 0.5, -1), (0.5, 0, 1)
U, W, B, V = 0.6, 0.8, 0.1, 1.2


def outcome_of(question, gradients, places=3):
    fields = ", ".join(f"d{name}={value:.{places}f}" for name, value in gradients.items())
    files = (AnswerFile("answer.py", f"{question} = dict({fields})".encode()),)
    submission = Submission(student="s", files=files, digest="")
    return mark(EXERCISE, submission, question_id=question).questions[0].outcome


def worked_out(kept):
    """The gradients of the small network in plain steps, each value as `kept` writes it down."""
    h = [0.0]
    for x in X:
        h.append(kept(math.tanh(U * x + W * h[-1] + B)))
    errors = [kept(kept(V * h[t + 1]) - D[t]) for t in range(3)]
    made, later = dict.fromkeys("uwbv", 0.0), 0.0
    for t in (2, 1, 0):
        dz = kept(kept(V * errors[t] + W * later) * (1 - h[t + 1] ** 2))
        made["u"] += dz * X[t]
        made["w"] += dz * h[t]
        made["b"] += dz
        made["v"] += errors[t] * h[t + 1]
        later = dz
    return made


def test_the_right_numbers_are_those_of_plain_steps():
    (question,) = (one for one in EXERCISE.questions if one.id == "small")
    wanted = worked_out(lambda value: value)
    assert {name: float(one) for name, one in right_by_hand(question.params).items()} == pytest.approx(wanted)


@pytest.mark.parametrize("places", [3, 4, 5, 12])
def test_honest_working_is_right_to_however_many_places_it_was_kept(places):
    kept, exact = worked_out(lambda value: round(value, places)), worked_out(lambda value: value)
    outcome = outcome_of("small", kept)
    assert (outcome.verdict, outcome.fraction) == ("correct", 1)
    # What is right to the asked places by itself is said to be right.
    for name, value in exact.items():
        is_right = abs(round(kept[name], 3) - value) <= 0.0005
        assert outcome.facts["entries"][f"d{name}"] == ["right" if is_right else "rounded-working"]


@pytest.mark.parametrize("off", [0, 0.1])
def test_a_comma_before_three_decimals_is_read_where_three_are_asked(off):
    right = worked_out(lambda value: value)
    assert right["u"] > 1  # 1,341 could be a thousand elsewhere
    fields = ", ".join(f"d{name}='{value + off:.3f}'".replace(".", ",") for name, value in right.items())
    files = (AnswerFile("answer.py", f"small = dict({fields})".encode()),)
    submission = Submission(student="s", files=files, digest="")
    outcome = mark(EXERCISE, submission, question_id="small").questions[0].outcome
    assert outcome.fraction == (0 if off else 1)


def test_numbers_beyond_rounding_are_wrong():
    right = worked_out(lambda value: value)
    for name in right:
        outcome = outcome_of("small", {**right, name: right[name] + 0.008})
        assert float(outcome.fraction) == 0.75


@pytest.mark.parametrize("name", ["u", "w", "b", "v"])
def test_one_number_throughout_that_is_right_nowhere_earns_nothing(name):
    right = worked_out(lambda value: value)
    units = right[name] * 1000
    further = (math.ceil(units) if units % 1 < 0.5 else math.floor(units)) / 1000
    other = "u" if name == "v" else "v"
    assert float(outcome_of("small", {**right, name: further, other: 9}).fraction) == 0.625
    assert outcome_of("small", dict.fromkeys(right, further)).fraction == 0


def test_numbers_at_random_are_not_explained():
    rng = np.random.default_rng(4)
    for _ in range(25):
        outcome = outcome_of("small", dict(zip("uwbv", rng.uniform(-1, 1, 4), strict=True)))
        assert outcome.diagnoses == ()


def test_what_is_asked_is_a_field_for_each_gradient():
    (question,) = (one for one in EXERCISE.questions if one.id == "small_gru")
    assert question.asks.fields == ("duz", "dur", "dun")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"function": "f"}, "either function, or values"),
        ({"asked": ["q"]}, "asked: q has no gradient"),
        ({"values": {"x": [1, 2], "a": 1}}, "values.d is missing"),
        ({"values": {"x": [1, 2], "a": [1], "d": 0}}, "values.a has 1 axes"),
        ({"values": {"x": [[1, 2]], "a": 1, "d": 0}}, "one row a step"),
        ({"places": 0}, "places is 0"),
        ({"loss": "s"}, "write mean"),
    ],
)
def test_a_question_that_cannot_be_is_refused(changes, words):
    table = {
        "network": {
            "inputs": {"x": "number"},
            "parameters": {"a": "number"},
            "equations": ["s(t) = a * s(t-1) + x(t)"],
            "sizes": {"s": "number"},
        },
        "loss": "sum((s(T) - d)**2)",
        "values": {"x": [1, 2], "a": 1, "d": 0},
    }
    assert msgspec.convert(table, GradientParams).names == ("a",)
    with pytest.raises(msgspec.ValidationError, match="(?s)" + words.replace(".", r"\.")):
        msgspec.convert({**table, **changes}, GradientParams)


@pytest.mark.parametrize("beyond", ["1e400", "-1e400"])
def test_an_entry_that_no_float_holds_is_wrong_and_nothing_fails(beyond):
    right = worked_out(lambda value: value)
    fields = ", ".join(
        f"d{name}={f'{value:.12f}' if name != 'u' else repr(beyond)}" for name, value in right.items()
    )
    files = (AnswerFile("answer.py", f"small = dict({fields})".encode()),)
    found = mark(EXERCISE, Submission(student="s", files=files, digest=""), question_id="small")
    outcome = found.questions[0].outcome
    assert float(outcome.fraction) == 0.75
    assert "explanation-failed" not in {one.code for one in outcome.feedback}
