"""Each declared mistake is diagnosed as itself, alone and in pairs; right answers never are."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import Unreadable
from grader.kinds.feasibility.diagnose import MISTAKES as CLAIM_MISTAKES
from grader.kinds.realisation.constructions import CONSTRUCTIONS
from grader.kinds.shape.diagnose import WHOLE_MISTAKES
from grader.kinds.shape.mistakes import SHAPE_MISTAKES
from grader.linear.diagnose import OUTPUT_MISTAKES, diagnose_unreadable_weights, diagnose_weights, explain
from grader.linear.judge import judge_answer
from grader.linear.marking import mark_weights
from grader.linear.mistakes.output import Aspect, outputs_of
from grader.linear.mistakes.samples import RIGHT_A, RIGHT_B, RIGHT_WINDOW, biased, leaky, rnn_a, rnn_b, window
from grader.linear.mistakes.transposed_or_exchanged import REPAIR_MISTAKES
from grader.linear.question import LinearParams
from grader.model.outcome import Diagnosis


def diagnosed(params: LinearParams, fields: Any) -> tuple[Diagnosis, ...]:
    """What is named after the weights were judged, once, whether they could be read or not."""
    try:
        judged = judge_answer(params, fields)
    except Unreadable as unreadable:
        return diagnose_unreadable_weights(params, fields, unreadable)
    return diagnose_weights(params, judged)


def ids(sample: Any, plain_fields: Any) -> list[str]:
    params, weights = sample
    return [one.id for one in diagnosed(LinearParams(**params), plain_fields(weights))]


@pytest.mark.parametrize("mistake", OUTPUT_MISTAKES, ids=lambda one: one.id)
def test_mistake_is_diagnosed_as_itself(mistake: Any, plain_fields: Any) -> None:
    assert mistake.id in ids(mistake.shown_by, plain_fields)
    assert mistake.id not in ids(mistake.not_shown_by, plain_fields)


@pytest.mark.parametrize(
    "sample", [rnn_a(), rnn_b(), window(), leaky(), biased()], ids=["a", "b", "window", "leaky", "biased"]
)
def test_right_weights_have_no_diagnosis(sample: Any, plain_fields: Any) -> None:
    assert ids(sample, plain_fields) == []


# What the sheet's target w_k = (1, 1, 1) for all k becomes under each mistake, written down by hand.
SUM_BY_HAND = {
    "output-stays-zero": lambda k: (0, 0, 0),
    "no-memory": lambda k: (1, 1, 1) if k == 0 else (0, 0, 0),
    "inputs-ignored": lambda k: (1, 0, 1),
    "current-input-left-out": lambda k: (0, 0, 0) if k == 0 else (1, 1, 1),
    "one-step-late": lambda k: (0, 0, 0) if k == 0 else (1, 1, 1),
    "current-input-counted-twice": lambda k: (2, 2, 2) if k == 0 else (1, 1, 1),
    "sign-flipped": lambda k: (-1, -1, -1),
    "scaled": lambda k: (3, 3, 3),
    "memory-fades": lambda k: (0.5**k,) * 3,
    "memory-grows": lambda k: (2**k,) * 3,
    "memory-alternates": lambda k: ((-1) ** k,) * 3,
    "inputs-weighed-wrongly": lambda k: (1, 2, 5),
    "another-output-leaks-in": lambda k: (4, 1, 1) if k == 0 else (1, 1, 1),
}
# The target w_k = (3/4)^k under each mistake with a decay, by hand.
DECAY_BY_HAND = {
    "never-decays": lambda k: Fraction(1),
    "decay-and-rest-swapped": lambda k: Fraction(1, 4) ** k,
    "decays-otherwise": lambda k: Fraction(-2, 3) ** k,
    "no-memory": lambda k: Fraction(k == 0),
    "one-step-late": lambda k: Fraction(3, 4) ** (k - 1) if k else Fraction(0),
}
START_BY_HAND = {
    None: lambda t: 0,
    "sum-starts-from-s0": lambda t: 7,
    "start-state-dies-or-grows": lambda t: 5 * 2**t,
    "start-state-counts-steps": lambda t: 3 + 4 * t,
    "start-state-shows": lambda t: t * t,
}
SAME = [{"current-input-left-out", "one-step-late"}]


def network_with(sequence: Any, start: Any, steps: int = 10) -> dict[str, Any]:
    """An RNN-B whose fourth output reacts and starts as given for some steps: a shift register for each input
    and one for the start, read out at the values wanted. The state is large and shares nothing with the
    sheet's."""
    n = steps + 3 * steps
    A = np.zeros((n, n), dtype=object)
    B = np.zeros((n, 3), dtype=object)
    c = np.zeros(n, dtype=object)
    for j in range(3):
        offset = steps * (1 + j)
        B[offset, j] = 1
        for k in range(steps):
            c[offset + k] = sequence(k)[j]
            if k:
                A[offset + k, offset + k - 1] = 1
    for t in range(1, steps):
        A[t, t - 1] = 1
        c[t] = start(t)
    s0 = np.zeros(n, dtype=object)
    s0[0] = 1
    C = np.zeros((4, n), dtype=object)
    C[3] = c
    D = np.vstack([np.eye(3, dtype=int), np.zeros((1, 3), dtype=int)])
    return {
        "s0": s0.tolist(),
        "Wssx": np.hstack([A, B]).tolist(),
        "Wox": np.hstack([C, D]).tolist(),
    }


@pytest.mark.parametrize("start_id", START_BY_HAND)
@pytest.mark.parametrize("input_id", SUM_BY_HAND)
def test_pairs_of_an_input_and_a_start_mistake_are_both_told(
    input_id: str, start_id: str | None, plain_fields: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.linear.mistakes.output.MOST_STEPS", 9)  # as long as the registers hold out
    params = LinearParams(**{**rnn_b()[0], "state_size": None})
    weights = network_with(SUM_BY_HAND[input_id], START_BY_HAND[start_id])
    judged = judge_answer(params, plain_fields(weights))
    found = {one.id for one in explain(outputs_of(judged)).diagnoses}
    indistinct = next((group for group in SAME if input_id in group), {input_id})
    assert found == indistinct | ({start_id} if start_id else set())


@pytest.mark.parametrize("mistake", DECAY_BY_HAND)
def test_what_goes_wrong_with_a_decay_is_named(mistake: str, plain_fields: Any) -> None:
    """A shift register of twelve steps, read out at the values that the mistake gives."""
    n = 12
    shift = [[int(row == column + 1) for column in range(n)] for row in range(n)]
    weights = {
        "s0": [0] * n,
        "Wss": shift,
        "Wsx": [[int(not row)] for row in range(n)],
        "Wo": [[DECAY_BY_HAND[mistake](k) for k in range(n)]],
    }
    params = LinearParams(**{**leaky()[0], "state_size": None})
    judged = judge_answer(params, plain_fields(weights))
    seen = outputs_of(judged)[0]
    rows = {"got": seen.got[:n], "wanted": seen.wanted[:n], "start": seen.start[:n]}
    assert mistake in {one.id for one in explain((seen._replace(**rows),)).diagnoses}


@pytest.mark.parametrize(
    ("weights", "named"),
    [
        ({"Wsx": [[3]], "Wss": [[0.75]], "Wo": [[0.25]]}, ["input-decays-too"]),
        ({"Wss": [[0.25]], "Wsx": [[0.25]], "Wo": [[12]]}, ["decay-and-rest-swapped"]),
    ],
)
def test_a_decay_is_recognised_in_any_basis(weights: Any, named: list[str], plain_fields: Any) -> None:
    found = ids(leaky(**weights), plain_fields)
    assert set(named) <= set(found)
    assert "memory-fades" not in found


def test_mistakes_in_two_outputs_are_both_told(plain_fields: Any) -> None:
    """The current value piles up (Wss = I) while the sum ignores, scales or starts wrongly."""
    piled = {"Wss": [[1, 0], [0, 1]]}
    others = {
        "inputs-ignored": {"Wsx": [[1, 0, 0], [1, 0, 1]]},
        "scaled": {"Wo": [[1, 0], [0, 0], [0, 0], [0, 3]]},
        "sign-flipped": {"Wo": [[1, 0], [0, 0], [0, 0], [0, -1]]},
        "output-stays-zero": {"Wo": [[1, 0], [0, 0], [0, 0], [0, 0]]},
        "sum-starts-from-s0": {"s0": [0, 2]},
    }
    for other, changed in others.items():
        assert set(ids(rnn_a(**piled, **changed), plain_fields)) == {"current-input-piles-up", other}


def transposed(rows: Any) -> Any:
    return [list(column) for column in zip(*rows, strict=True)]


def input_first(rows: Any) -> Any:
    return [[*row[2:], *row[:2]] for row in rows]


# In a basis in which no matrix is symmetric: T = [[2, 3], [1, 2]].
SKEWED = {
    "s0": [14, 7],
    "Wss": [[-3, 6], [-2, 4]],
    "Wsx": [[5, 3, 3], [3, 2, 2]],
    "Wo": [[2, -3], [0, 0], [0, 0], [-1, 2]],
}
# The sum times (1, 2) in the state: A has the eigenvector (1, 2) for 1, and 0 beside it.
SKEWED_B = {
    "s0": [0, 0],
    "Wssx": [[3, -1, 1, 1, 1], [6, -2, 2, 2, 2]],
    "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [3, -1, 0, 0, 0]],
}


@pytest.mark.parametrize(
    "flipped",
    [c for k in (1, 2, 3) for c in itertools.combinations(("Wss", "Wsx", "Wo"), k)],
    ids=" ".join,
)
def test_transposed_matrices_are_named(flipped: tuple[str, ...], plain_fields: Any) -> None:
    weights = {name: transposed(w) if name in flipped else w for name, w in SKEWED.items()}
    found = diagnosed(LinearParams(**rnn_a()[0]), plain_fields(weights))
    assert [one.id for one in found] == [
        "row-vector-convention" if len(flipped) == 3 else "matrix-transposed"
    ]
    assert len(flipped) == 3 or all((name in found[0].message) == (name in flipped) for name in SKEWED)


@pytest.mark.parametrize("moved", [("Wssx",), ("Wox",), ("Wssx", "Wox")], ids=" ".join)
@pytest.mark.parametrize("flipped", [(), ("Wssx",), ("Wssx", "Wox")], ids=" ".join)
def test_columns_in_the_other_order_are_named(moved: Any, flipped: Any, plain_fields: Any) -> None:
    weights = {name: input_first(w) if name in moved else w for name, w in SKEWED_B.items()}
    weights = {name: transposed(w) if name in flipped else w for name, w in weights.items()}
    found = {one.id: one for one in diagnosed(LinearParams(**rnn_b()[0]), plain_fields(weights))}
    wanted = {"input-before-state"} | {
        ("row-vector-convention" if len(flipped) == 2 else "matrix-transposed")
    }
    assert set(found) == (wanted if flipped else {"input-before-state"})
    assert all((name in found["input-before-state"].message) == (name in moved) for name in ("Wssx", "Wox"))


def test_exchanged_names_are_named(plain_fields: Any) -> None:
    """Two states, two inputs: Wss and Wsx have one shape. Window x[1] + 2 x[1] late, x[2] beside it."""
    params = LinearParams(structure="rnn-a", inputs=2, state_size=2, target=("x[1]", "cumsum(x[1] + x[2])"))
    right = {"s0": [0, 0], "Wss": [[0, 0], [0, 1]], "Wsx": [[1, 0], [1, 1]], "Wo": [[1, 0], [0, 1]]}
    assert diagnosed(params, plain_fields(right)) == ()
    swapped = {**right, "Wss": right["Wsx"], "Wsx": right["Wss"]}
    (found,) = diagnosed(params, plain_fields(swapped))
    assert found.id == "names-exchanged"
    assert "Wss and Wsx" in found.message


def test_a_transposed_answer_whose_start_state_shows_is_told_both(plain_fields: Any) -> None:
    weights = {name: transposed(w) if name != "s0" else [0, 5] for name, w in SKEWED.items()}
    found = [one.id for one in diagnosed(LinearParams(**rnn_a()[0]), plain_fields(weights))]
    assert found == ["row-vector-convention", "start-state-shows"]


def test_all_ones_are_named_and_nothing_else(plain_fields: Any) -> None:
    ones = {"s0": [1, 1], "Wss": [[1, 1]] * 2, "Wsx": [[1, 1, 1]] * 2, "Wo": [[1, 1]] * 4}
    assert ids((rnn_a()[0], ones), plain_fields) == ["all-ones"]


def test_a_rotated_basis_in_floats_is_diagnosed_like_an_exact_one(plain_fields: Any) -> None:
    c, s = np.cos(0.3), np.sin(0.3)
    T = np.array([[c, -s], [s, c]])
    for id, Wss in {
        "no-memory": [[0, 0], [0, 0]],
        "memory-fades": [[0, 0], [0, 0.9]],
        "current-input-piles-up": [[1, 0], [0, 1]],
        "memory-alternates": [[0, 0], [0, -1]],
    }.items():
        weights = {
            "s0": np.zeros(2),
            "Wss": T @ np.array(Wss, float) @ T.T,
            "Wsx": T @ np.array(RIGHT_A["Wsx"], float),
            "Wo": np.array(RIGHT_A["Wo"], float) @ T.T,
        }
        assert ids((rnn_a()[0], weights), plain_fields) == [id]


@pytest.mark.parametrize("exponent", [7, 9, 12, 16, 300])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_next_to_one_is_never_told_as_one(exponent: int, sign: int, plain_fields: Any) -> None:
    near_one = 1 + sign * Fraction(1, 10**exponent)
    for changed in ({"Wss": [[0, 0], [0, near_one]]}, {"Wsx": [[1, 0, 0], [1, 1, near_one]]}):
        fields = plain_fields({**RIGHT_A, **changed})
        (found,) = diagnosed(LinearParams(**rnn_a()[0]), fields)
        assert re.search(r"(?:by|counts) 1(?:\.0)? (?:times|at)", found.message) is None, found.message
        params = LinearParams(**rnn_a()[0])
        shown = mark_weights(params, judge_answer(params, fields)).feedback[0].message
        assert not shown.endswith(("yours is 1.", "yours is 1.0.")), shown


@pytest.mark.parametrize("text", ["1.000000001", "1.00000001", "0.999999999"])
def test_a_mistake_as_small_as_rounding_is_seen_at_the_step_of_the_counterexample(
    text: str, plain_fields: Any
) -> None:
    """By hand: the sum is multiplied by it from step 2 on."""
    fields = plain_fields({**RIGHT_A, "Wss": [[0, 0], [0, float(text)]]})
    (found,) = diagnosed(LinearParams(**rnn_a()[0]), fields)
    assert found.id in ("memory-grows", "memory-fades")
    assert text in found.message


def test_ids_are_one_for_each_mistake_and_kebab_case() -> None:
    every = [one.id for one in (*OUTPUT_MISTAKES, *REPAIR_MISTAKES)]
    assert len({one.id for one in OUTPUT_MISTAKES}) == len(OUTPUT_MISTAKES)
    assert all(id == id.lower() and " " not in id and "_" not in id for id in every)
    assert {one.effect.aspect for one in OUTPUT_MISTAKES} == set(Aspect)


def test_the_samples_are_right_answers(plain_fields: Any) -> None:
    for sample, right in ((rnn_a(), RIGHT_A), (rnn_b(), RIGHT_B), (window(), RIGHT_WINDOW)):
        assert sample[1] == right


def test_every_declared_mistake_is_in_the_docs() -> None:
    page = (Path(__file__).parents[3] / "docs" / "misconceptions-linear.md").read_text(encoding="utf-8")
    declared = (
        *OUTPUT_MISTAKES,
        *REPAIR_MISTAKES,
        *SHAPE_MISTAKES,
        *WHOLE_MISTAKES,
        *CONSTRUCTIONS,
        *itertools.chain(*CLAIM_MISTAKES.values()),
    )
    assert [one.id for one in declared if f"`{one.id}`" not in page] == []
