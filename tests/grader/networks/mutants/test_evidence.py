"""How many wrong entries an answer must have, and what earns nothing: held against slips made another way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network, network
from grader.networks.library import library_network
from grader.networks.mutants.evidence import (
    depends_on_inputs,
    least_wrong_entries,
    may_be_guessed,
    slips,
    wrong_entries,
)
from grader.networks.mutants.explaining import (
    CombinationTable,
    matching,
    paths_of_mistakes,
    right_table_of,
    singles,
    table_of,
)

# CE/CZ4042 Tutorial 8, question 1.
SHEET_X = [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]]
SHEET = {
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "W": [[2.0, 1.3], [1.5, 0.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
PLACES = 2


class Question:
    """A network on its numbers, with what mistakes give."""

    def __init__(self, net: Network, x: Any, p: Any) -> None:
        self.net, self.x, self.p = (
            net,
            {"x": np.array(x, float)},
            {k: np.array(v, float) for k, v in p.items()},
        )
        paths = paths_of_mistakes(net, PLACES)
        known = singles(net, "by-hand", PLACES)
        self.table: CombinationTable = table_of(net, known, self.x, self.p, paths)
        right = right_table_of(net, self.x, self.p, paths)
        self.right = {name: values[0] for name, values in right.values.items()}

    def least(self) -> int:
        return least_wrong_entries(self.net, self.table.values, self.right, self.x, self.p, PLACES)

    def wrong(self, answer: dict[str, Any]) -> int:
        return sum(int(wrong_entries(self.right[name], answer[name], PLACES)) for name in self.net.output)

    def named(self, answer: dict[str, Any]) -> bool:
        fits = [matching(self.table.values[name], answer[name], PLACES) for name in self.net.output]
        return bool(np.all(fits, axis=0).any())


def asked(name: str, *output: str) -> Network:
    return replace(network_of(library_network(f"library/{name}").network), output=output)


def drawn(net: Network, seed: int, n_h: int = 2) -> Question:
    rng = np.random.default_rng(seed)
    sizes = {"n_in": 2, "n_h": n_h, "n_out": 1}
    p = {
        name: np.round(rng.uniform(-2, 2, [size.at(sizes) for size in shape]), 1)
        for name, shape in net.parameters.items()
    }
    return Question(net, rng.integers(-20, 21, (4, 2)) / 10, p)


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


def gru_with_a_slip(question: Question, rng: np.random.Generator) -> np.ndarray:
    """A GRU in plain loops in which one product of one sum has another sign, or another factor."""
    p, x = question.p, question.x["x"]
    n_h = len(p["bz"])
    where = (rng.integers(len(x)), rng.choice(list("zrn")), rng.integers(n_h), rng.integers(x.shape[1] + n_h))
    factor = rng.choice([-1.0, 2.0, 0.5])
    h, states = [0.0] * n_h, []
    for t, inputs in enumerate(x):
        values: dict[str, list[float]] = {}
        for gate in "zrn":
            fed = h if gate != "n" else [r * v for r, v in zip(values["r"], h, strict=True)]
            values[gate] = []
            for i in range(n_h):
                products = [w * v for w, v in zip(p[f"W{gate}"][i], inputs, strict=True)]
                products += [w * v for w, v in zip(p[f"U{gate}"][i], fed, strict=True)]
                if where[:3] == (t, gate, i):
                    products[where[3]] *= factor
                u = sum(products) + p[f"b{gate}"][i]
                values[gate].append(math.tanh(u) if gate == "n" else sigmoid(u))
        h = [(1 - z) * n + z * v for z, n, v in zip(values["z"], values["n"], h, strict=True)]
        states.append(h)
    return np.round(np.array(states), PLACES)


def test_the_sheets_question_names_a_mistake_that_shows_in_one_number() -> None:
    assert Question(asked("elman", "y"), SHEET_X, SHEET).least() == 1


@pytest.mark.parametrize("seed", range(4))
def test_other_slips_than_the_simulated_ones_are_seldom_named(seed: int) -> None:
    question = drawn(asked("gru", "h"), seed)
    least, rng = question.least(), np.random.default_rng(seed)
    answers = [{"h": gru_with_a_slip(question, rng)} for _ in range(400)]
    wrong = [one for one in answers if question.wrong(one)]
    named = [one for one in wrong if question.wrong(one) >= least and question.named(one)]
    # 5 % of 400 is 20, give or take 4.4: three times that is 33.
    assert len(named) <= 33


def test_the_number_is_the_same_every_time() -> None:
    assert drawn(asked("lstm", "h"), 5).least() == drawn(asked("lstm", "h"), 5).least()


def test_few_numbers_of_one_unit_ask_for_more_than_one_wrong_entry() -> None:
    assert drawn(asked("lstm", "h"), 1, n_h=1).least() > 1


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_random_answers_are_never_named(name: str) -> None:
    question = drawn(asked(name, "h"), 3)
    rng = np.random.default_rng(9)
    answers = np.round(rng.uniform(-1, 1, (1000, 4, 2)), PLACES)
    assert not any(question.named({"h": answer}) for answer in answers)


def test_one_slip_changes_one_sum_and_what_follows() -> None:
    net = network({"inputs": {"x": "n"}, "equations": ["s(t) = s(t-1) + x(t)", "y(t) = 2 * s(t)"]})
    x = {"x": np.ones((3, 2))}
    found = slips(net, x, {}, 1, count=300)
    right = np.array([[1.0, 1], [2, 2], [3, 3]])
    for s, y in zip(found["s"], found["y"], strict=True):
        moved, slipped = np.round(s - right, 9), np.abs(y - 2 * s) > 0.3
        assert slipped.sum() <= 1
        if not slipped.any():
            steps = np.flatnonzero(np.abs(moved).sum(axis=1))
            assert len(set(moved[np.abs(moved) > 0].tolist())) <= 1
            assert steps.tolist() == list(range(steps[0], 3)) if len(steps) else True
    assert np.abs(found["s"] - right).any(axis=(1, 2)).mean() > 0.3


def test_values_without_steps_slip_too() -> None:
    net = network({"inputs": {"x": "n"}, "equations": ["m = mean(x(t))", "y = 3 * m"]})
    found = slips(net, {"x": np.ones((2, 2))}, {}, 2, count=200)
    assert found["y"].shape == (200, 1, 2)
    assert 0.2 < (np.abs(found["m"] - 1).max(axis=(1, 2)) > 0).mean() < 0.8


@pytest.mark.parametrize(
    ("equations", "depends"),
    [
        (["h(t) = tanh(x(t) + h(t-1))", "y(t) = sigmoid(c)"], False),
        (["h(t) = tanh(x(t) + h(t-1))", "y(t) = sigmoid(c + y(t-1))"], False),
        (["h(t) = tanh(x(t) + h(t-1))", "y(t) = sigmoid(h(t-2) + c)"], True),
        (["h(t) = tanh(x(t))", "m = mean(h(t))", "y(t) = c * m"], True),
        (["h(t) = x(t)", "y = h(T) + c"], True),
    ],
)
def test_a_constant_does_not_depend_on_the_inputs(equations: list[str], depends: bool) -> None:
    table = {"inputs": {"x": "number"}, "parameters": {"c": "number"}, "equations": equations}
    sizes = {text.split("(")[0].split(" ")[0]: "number" for text in equations}
    assert depends_on_inputs(network(table | {"sizes": sizes, "output": ["y"]})) is depends


def test_a_start_can_bring_the_inputs_in() -> None:
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"W": "n x n"},
            "equations": ["e(t) = tanh(x(t) + e(t-1))", "s(t) = tanh(W @ s(t-1))"],
            "start": {"s": "e(T)"},
            "output": ["s"],
        }
    )
    assert depends_on_inputs(net)


@pytest.mark.parametrize(
    ("rows", "together", "guessed"),
    [
        ([[0.5], [0.5], [0.5]], 1, True),
        ([[0.5, 0.2], [0.5, 0.2], [0.51, 0.2]], 1, True),
        ([[0.5, 0.2], [0.5, 0.2], [0.5, 0.4]], 1, False),
        ([[0.0], [1.0], [1.0]], 1, False),
        ([[0.0], [1.0], [1.0]], 2, True),
        ([[0.3]], 1, False),
    ],
)
def test_constants_and_whole_numbers_may_be_guessed(rows: Any, together: int, guessed: bool) -> None:
    assert may_be_guessed([np.array(rows)], PLACES, together) is guessed


def test_entries_are_wrong_that_no_path_gives() -> None:
    right = np.array([[[0.123], [0.5]], [[0.131], [0.5]]])
    answers = np.array([[[0.12], [0.5]], [[0.13], [0.51]], [[0.14], [np.nan]]])
    assert wrong_entries(right, answers, 2).tolist() == [0, 1, 2]
