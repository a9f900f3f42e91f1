"""The keys of layers-and-directions, held against arrays that are made and multiplied."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds import find_kind, kind_names
from grader.model.kind import Answer
from grader.model.value import Items, Number, Value
from grader.specs import Kinds, find_exercise, load_exercise

SIZES = {"n_in": 3, "n_h": 5, "n_out": 2}


def question(id: str) -> Any:
    exercise = load_exercise(
        find_exercise("layers-and-directions").path, Kinds(kind_names(), find_kind), with_examples=True
    )
    return next(one for one in exercise.questions if one.id == id)


def number(value: int) -> Value:
    return Number(str(value), "int")


def two_directions(n_in: int, n_h: int, n_out: int) -> dict[str, Any]:
    """Arrays with which the equations of question 2 can be computed; numpy refuses all others."""
    arrays = {
        "U_r": np.ones((n_h, n_in)), "W_r": np.ones((n_h, n_h)), "b_r": np.ones(n_h),
        "U_l": np.ones((n_h, n_in)), "W_l": np.ones((n_h, n_h)), "b_l": np.ones(n_h),
        "V": np.ones((n_out, 2 * n_h)), "c": np.ones(n_out),
    }  # fmt: skip
    x, r, left = np.ones((4, n_in)), [np.zeros(n_h)], [np.zeros(n_h)]
    for t in range(4):
        r.append(np.tanh(arrays["U_r"] @ x[t] + arrays["W_r"] @ r[-1] + arrays["b_r"]))
        left.append(np.tanh(arrays["U_l"] @ x[3 - t] + arrays["W_l"] @ left[-1] + arrays["b_l"]))
    assert (arrays["V"] @ np.concatenate([r[-1], left[-1]]) + arrays["c"]).shape == (n_out,)
    return arrays


def test_shapes_of_both_directions_are_those_that_can_be_computed() -> None:
    asked = question("directions_shapes")
    arrays = two_directions(**SIZES)
    fields: dict[str, Value] = {
        name: Items(tuple(map(number, arrays[name].shape))) for name in asked.params.asked
    }
    assert asked.check.judge(asked.params, Answer(fields=fields)).outcome.fraction == 1


@pytest.mark.parametrize("sizes", [(3, 5, 2), (1, 1, 1), (7, 2, 4)])
def test_count_of_both_directions_is_what_the_arrays_hold(sizes: tuple[int, int, int]) -> None:
    asked = question("directions_count")
    named = dict(zip(("n_in", "n_h", "n_out"), sizes, strict=True))
    params = msgspec.structs.replace(asked.params, sizes=named)
    total = sum(one.size for one in two_directions(*sizes).values())
    answer = Answer(fields={"parameters": number(total)})
    assert asked.check.judge(params, answer).outcome.fraction == 1


def test_packed_weights_are_as_many_as_the_four_gates_hold() -> None:
    asked = question("packed")
    gates = [(np.zeros((16, 10)), np.zeros((16, 16)), np.zeros(16)) for _ in range(4)]
    counts = {
        "W": sum(U.size + W.size for U, W, _ in gates),
        "b": sum(b.size for *_, b in gates),
        "parameters": sum(one.size for gate in gates for one in gate),
    }
    answer = Answer(fields={name: number(count) for name, count in counts.items()})
    assert asked.check.judge(asked.params, answer).outcome.fraction == 1
