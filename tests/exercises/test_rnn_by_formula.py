"""The keys of rnn-by-formula, checked by running networks and not by the exercise file's own mathematics."""

from __future__ import annotations

import functools
import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.exact.ball import Ball
from grader.formula.compare import Sameness, compare
from grader.formula.compare_conditions import holds
from grader.formula.condition import parse_condition
from grader.formula.evaluate import evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.grading.judging import diagnose
from grader.kinds import find_kind, kind_names
from grader.kinds.count.question import right_formula
from grader.kinds.expression.question import own_formula
from grader.model.exercise import Question
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Text
from grader.specs import Kinds, find_exercise, load_exercise

STEP = 1e-6
SLOPE_ATOL = 1e-8  # central differences: STEP^2 from truncation, 1e-16 / STEP from rounding


@functools.cache
def asked(question_id: str) -> Question:
    exercise = load_exercise(
        find_exercise("rnn-by-formula").path, Kinds(kind_names(), find_kind), with_examples=True
    )
    return next(question for question in exercise.questions if question.id == question_id)


def params(question_id: str) -> Any:
    return asked(question_id).params


def wrong_outcome(question: Question, answer: Answer) -> Outcome:
    """What is decided about a wrong answer, with what explains it."""
    return diagnose(question, question.check.judge(question.params, answer))


def key(question_id: str, field: str, values: dict[str, Fraction]) -> Any:
    found = params(question_id)
    is_count = asked(question_id).kind == "count"
    value = evaluate(right_formula(found, field) if is_count else found.right(field), values)
    return float(value.value) if isinstance(value, Ball) else value


def drawn(seed: int, names: str) -> dict[str, Fraction]:
    rng = np.random.default_rng(seed)
    return {name: Fraction(int(rng.integers(-24, 25)), 16) for name in names.split()}


def unrolled(u: Any, v: Any, w: Any, s0: Any, x1: Any, x2: Any, x3: Any) -> Any:
    state = s0
    for x in (x1, x2, x3):
        state = w * state + u * x
    return v * state


@pytest.mark.parametrize("seed", range(8))
def test_unrolled_output_is_what_the_recurrence_gives(seed: int) -> None:
    values = drawn(seed, "u v w s0 x1 x2 x3")
    assert key("unroll", "g3", values) == unrolled(**values)


@pytest.mark.parametrize("seed", range(8))
def test_slope_is_an_exact_difference_quotient(seed: int) -> None:
    values = drawn(seed, "u v w s0 x1 x2 x3")
    # A cubic in w: the central difference is off by exactly step^2 times its leading coefficient v s0.
    step = Fraction(1, 7)
    up, down = ({**values, "w": values["w"] + sign * step} for sign in (1, -1))
    quotient = (unrolled(**up) - unrolled(**down)) / (2 * step) - step**2 * values["v"] * values["s0"]
    assert key("slope", "dg3_dw", values) == quotient


def loss(u: float, w: float, h0: float, x1: float, x2: float, y: float) -> float:
    h = h0
    for x in (x1, x2):
        h = np.tanh(w * h + u * x)
    return float((h - y) ** 2 / 2)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("field", "weight"), [("dL_dw", "w"), ("dL_du", "u")])
def test_gradient_is_a_difference_quotient(seed: int, field: str, weight: str) -> None:
    values = drawn(seed, "u w h0 x1 x2 y")
    floats = {name: float(value) for name, value in values.items()}
    up, down = ({**floats, weight: floats[weight] + sign * STEP} for sign in (1, -1))
    slope = (loss(**up) - loss(**down)) / (2 * STEP)
    assert float(key("bptt", field, values)) == pytest.approx(slope, abs=SLOPE_ATOL)


@pytest.mark.parametrize("a", ["-3/2", "-1", "-15/16", "0", "1/2", "31/32", "1", "5/4"])
def test_state_goes_to_rest_exactly_where_the_condition_holds(a: str) -> None:
    values = {"a": Fraction(a), "b": Fraction(2), "x": Fraction(3)}
    states = []
    for start in (0.0, 10.0):
        state = start
        for _ in range(2000):
            state = float(values["a"]) * state + 6.0 if abs(state) < 1e9 else state
        states.append(state)
    condition = parse_condition(params("steady").conditions["stable"], Names(("a", "b", "x")))
    goes_to_rest = abs(states[0]) < 1e6 and abs(states[0] - states[1]) < 1e-9
    assert holds(condition, values) is goes_to_rest
    if goes_to_rest:
        assert states[0] == pytest.approx(float(key("steady", "rest", values)))


def test_markov_parameters_are_the_impulse_response() -> None:
    half, quarter, state, response = Fraction(1, 2), Fraction(1, 4), (Fraction(0), Fraction(0)), []
    for x in (1, *[0] * 12):
        state = (half * state[0] + state[1] + x, quarter * state[1] + x)
        response.append(state[0])
    assert [key("markov", field, {}) for field in ("M0", "M1", "M2")] == response[:3]
    assert [key("markov", "Mk", {"k": Fraction(k)}) for k in range(13)] == response


def through(first: int, last: int) -> str:
    """The polynomial in k through M_first, ..., M_last, in Newton's form."""
    row = [key("markov", "Mk", {"k": Fraction(k)}) for k in range(first, last + 1)]
    heads = []
    for n in range(len(row)):
        heads.append(row[0])
        row = [(b - a) / (n + 1) for a, b in itertools.pairwise(row)]
    text = f"({heads[-1]})"
    for k, head in reversed([*enumerate(heads[:-1], first)]):
        text = f"(({head}) + (k - {k})*{text})"
    return text


RIGHT_MK = "5*(1/2)^k - 4*(1/4)^k"
RIGHT_G3 = "v*(w^3*s0 + u*(w^2*x1 + w*x2 + x3))"
RIGHT_COUNT = "n_h*(n_in + n_h + 1) + n_out*(n_h + 1)"


@pytest.mark.parametrize(
    ("question", "field", "text"),
    [
        ("steady", "rest", "b*x/(1-a) + abs(a+3) - a - 3"),
        ("steady", "stable", "(a^2-1)*(a^2-16) > 0"),
        ("unroll", "g3", f"{RIGHT_G3} + abs(w+3) - w - 3"),
        ("unroll", "g3", f"({RIGHT_G3})*sqrt(w+5/2)^2/(w+5/2)"),
        ("count", "parameters", f"{RIGHT_COUNT} + abs(n_h-9) + n_h - 9"),
        ("markov", "Mk", f"{RIGHT_MK} + abs(k-3) - k + 3"),
        ("markov", "Mk", f"{RIGHT_MK} + abs(k-12) + k - 12"),
    ],
)
def test_formula_that_is_right_on_the_usual_points_alone_is_wrong(
    question: str, field: str, text: str
) -> None:
    outcome = wrong_outcome(asked(question), Answer(fields={field: Text(text)}))
    assert outcome.fraction == 0


def test_polynomial_through_some_markov_parameters_is_wrong() -> None:
    found = params("markov")
    right, wrong = (
        own_formula(found, found.expressions["Mk"]),
        parse_formula(through(3, 9), found.names, 4000),
    )
    assert compare(wrong, right, found.where).sameness is Sameness.DIFFERENT


@pytest.mark.parametrize("text", ["k", "5*(1/2)^k", "(1/2)^k", f"{RIGHT_MK} + abs(k-3) - k + 3"])
def test_counterexample_of_the_formula_gives_none_of_the_numbers_away(text: str) -> None:
    outcome = wrong_outcome(asked("markov"), Answer(fields={"Mk": Text(text)}))
    told = " ".join(one.message for one in outcome.feedback if one.level == "counterexample")
    assert told
    for number in ("1", "3/2"):
        assert f"should be {number}." not in told


@pytest.mark.parametrize(("n_in", "n_h", "n_out"), [(1, 1, 1), (3, 2, 1), (2, 5, 4), (7, 1, 3)])
def test_parameters_are_as_many_as_the_arrays_hold(n_in: int, n_h: int, n_out: int) -> None:
    arrays = [(n_h, n_in), (n_h, n_h), (n_h,), (n_out, n_h), (n_out,)]
    values = {"n_in": Fraction(n_in), "n_h": Fraction(n_h), "n_out": Fraction(n_out)}
    assert key("count", "parameters", values) == sum(np.zeros(shape).size for shape in arrays)
