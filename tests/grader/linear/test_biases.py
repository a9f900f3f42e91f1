"""Linear networks with biases against plain runs: in other bases, shifted, and with one number changed."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest

from grader.kinds.linear_system.diagnose import diagnose
from grader.kinds.linear_system.judge import judge
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.mistakes.samples import BIASED, RIGHT_BIASED
from grader.model.kind import Answer

FREE = LinearSystemParams(**{**BIASED, "state_size": None})
SEQUENCES = ([0] * 9, [1] + [0] * 8, [1, 2, 3, -4, 5, 6, 1, 1, 2])


def run(weights: dict[str, Any], xs: list[int]) -> list[list[Fraction]]:
    """The outputs by the equations, step by step."""

    def product(rows: Any, vector: Any) -> list[Fraction]:
        return [sum((Fraction(a) * b for a, b in zip(row, vector, strict=True)), Fraction(0)) for row in rows]

    state, outputs = weights["s0"], []
    for x in xs:
        parts = (product(weights["Wss"], state), product(weights["Wsx"], [x]), weights["bs"])
        state = [a + b + c for a, b, c in zip(*parts, strict=True)]
        outputs.append([a + b for a, b in zip(product(weights["Wo"], state), weights["bo"], strict=True)])
    return outputs


def drawn(rng: random.Random) -> dict[str, Any]:
    """The sum, two higher beside it, with a state that is shifted and a second one that nothing reads."""
    s0, Wss, Wsx, bs = [0, 7], [[1, 0], [0, 2]], [[1], [1]], [0, -7]
    shift = [Fraction(rng.randint(-3, 3)), Fraction(rng.randint(-3, 3), 2)]
    weights: dict[str, Any] = {
        "s0": [a + d for a, d in zip(s0, shift, strict=True)],
        "Wss": Wss,
        "Wsx": Wsx,
        "bs": [b + d - Wss[i][i] * d for i, (b, d) in enumerate(zip(bs, shift, strict=True))],
        "Wo": [[1, 0], [1, 0]],
        "bo": [2 - shift[0], -shift[0]],
    }
    if rng.random() < 0.6:
        name = rng.choice(list(weights))
        rows = [list(row) if isinstance(row, list) else row for row in weights[name]]
        i, by = rng.randrange(len(rows)), rng.choice((1, -1, Fraction(1, 3)))
        if isinstance(rows[i], list):
            rows[i][rng.randrange(len(rows[i]))] += by
        else:
            rows[i] += by
        weights[name] = rows
    return weights


@pytest.mark.parametrize("seed", range(80))
def test_what_is_right_is_what_runs_right(seed: int, plain_fields: Any) -> None:
    weights = drawn(random.Random(seed))
    runs_right = all(
        run(weights, xs) == [[total + 2, total] for total in itertools.accumulate(xs)] for xs in SEQUENCES
    )
    outcome = judge(FREE, Answer(fields=plain_fields(weights))).outcome
    assert (outcome.verdict == "correct") is runs_right, weights


@pytest.mark.parametrize("seed", range(80))
def test_a_counterexample_is_what_the_network_does(seed: int, plain_fields: Any) -> None:
    weights = drawn(random.Random(seed))
    for fact in judge(FREE, Answer(fields=plain_fields(weights))).outcome.evidence:
        shown = getattr(fact, "counterexample", None)
        if not shown:
            continue
        xs = [int(x) for (x,) in shown.inputs]
        got = [[Fraction(str(value)) for value in row] for row in shown.got]
        assert [[round(float(v), 9) for v in row] for row in run(weights, xs)] == [
            [round(float(v), 9) for v in row] for row in got
        ]


def test_a_start_and_a_bias_that_cancel_are_right(plain_fields: Any) -> None:
    weights = {**RIGHT_BIASED, "s0": [2], "bo": [0, -2]}
    assert judge(FREE, Answer(fields=plain_fields(weights))).outcome.verdict == "correct"


def test_letters_in_biases_are_decided_for_all_their_values(plain_fields: Any) -> None:
    weights = {
        "s0": [3],
        "Wss": [[1]],
        "Wsx": [["k"]],
        "bs": [0],
        "Wo": [["1/k"], ["1/k"]],
        "bo": ["2 - 3/k", "-3/k"],
    }
    assert judge(FREE, Answer(fields=plain_fields(weights))).outcome.verdict == "correct"
    wrong = judge(FREE, Answer(fields=plain_fields({**weights, "bo": [2, 0]})))
    assert wrong.outcome.verdict == "partial"


def test_a_state_of_another_size_does_not_count_what_is_always_one(plain_fields: Any) -> None:
    fixed = LinearSystemParams(**BIASED)
    judged = judge(fixed, Answer(fields=plain_fields(RIGHT_BIASED)))
    assert judged.outcome.verdict == "correct"
    assert judged.facts.n_states == 1


def test_a_bias_that_piles_up_is_named(plain_fields: Any) -> None:
    judged = judge(FREE, Answer(fields=plain_fields({**RIGHT_BIASED, "bs": [2], "bo": [0, 0]})))
    found = diagnose(FREE, judged.facts)
    assert [one.id for one in found.diagnoses] == ["bias-piles-up"]


def test_a_wrong_one_is_drawn_with_what_comes_out(plain_fields: Any) -> None:
    outcome = judge(FREE, Answer(fields=plain_fields({**RIGHT_BIASED, "bo": [5, 0]}))).outcome
    (drawing,) = (fact.unrolled for fact in outcome.evidence)
    assert "5" in str(drawing)
