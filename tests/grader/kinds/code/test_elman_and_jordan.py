from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.kinds.code import KIND
from grader.kinds.code.question import CodeParams, trials
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.run import CallReading, Fault
from grader.model.value import Array, Items
from grader.networks.library import library_network

# CE/CZ4042 Tutorial 8, question 1.
SHEET: dict[str, Any] = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
SIZES = [
    {"T": 1, "n_in": 2, "n_h": 3, "n_out": 2},
    {"T": 5, "n_in": 4, "n_h": 3, "n_out": 2},
    {"T": 7, "n_in": 3, "n_h": 5, "n_out": 4},
]
TABLES: dict[str, dict[str, Any]] = {
    cell: {
        "function": "net",
        "network": msgspec.to_builtins(library_network(f"library/{cell}").network),
        "sizes": SIZES,
        "values": {"W": W, **SHEET},
    }
    for cell, W in (("elman", [[2.0, 1.3], [1.5, 0.0]]), ("jordan", [[2.0, 1.3]]))
}
PARAMS = {cell: msgspec.convert(table, CodeParams) for cell, table in TABLES.items()}
Network = Callable[..., Any]


def sig(u: Any) -> Any:
    return 1 / (1 + np.exp(-u))


def network(cell: str, **change: Any) -> Network:
    """A student's function with some of its parts changed."""
    part = {
        "h0": lambda b: np.zeros(len(b)),
        "y0": lambda c: np.zeros(len(c)),
        "phi": np.tanh,
        "sigma": sig,
        "pre": lambda x, U, back, W, b: x @ U + back @ W + b,
        "out": lambda h, V, c: h @ V + c,
        "inputs": lambda x: x,
        "outputs": np.array,
        "fed": lambda h, u, y, v, cell: h if cell == "elman" else y,
    } | change

    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        back = part["h0"](b) if cell == "elman" else part["y0"](c)
        ys = []
        for x_t in part["inputs"](x):
            u = part["pre"](x_t, U, back, W, b)
            h = part["phi"](u)
            v = part["out"](h, V, c)
            y = part["sigma"](v)
            back = part["fed"](h, u, y, v, cell)
            ys.append(y)
        return part["outputs"](ys)

    return net


def truncated(values: Any) -> Any:
    return np.trunc(values * 100) / 100


# The known mistakes, as changes to a right function.
MUTANTS: dict[str, dict[str, Any]] = {
    "forgot b": {"pre": lambda x, U, back, W, b: x @ U + back @ W},
    "forgot c": {"out": lambda h, V, c: h @ V},
    "forgot both": {"pre": lambda x, U, back, W, b: x @ U + back @ W, "out": lambda h, V, c: h @ V},
    "sigmoid hidden": {"phi": sig},
    "linear hidden": {"phi": lambda u: u},
    "relu hidden": {"phi": lambda u: np.maximum(u, 0)},
    "tanh output": {"sigma": np.tanh},
    "linear output": {"sigma": lambda u: u},
    "sigma(-u)": {"sigma": lambda u: sig(-u)},
    "2 sigma(u) - 1 for tanh": {"phi": lambda u: 2 * sig(u) - 1},
    "starts from one": {"h0": lambda b: np.ones(len(b)), "y0": lambda c: np.ones(len(c))},
    "starts from a half": {"h0": lambda b: np.full(len(b), 0.5), "y0": lambda c: np.full(len(c), 0.5)},
    "y(0) = sigma(c)": {"h0": np.tanh, "y0": sig},
    "uses x(t+1), zero at the end": {"inputs": lambda x: np.vstack([x[1:], 0 * x[:1]])},
    "uses x(t+1), wrapped": {"inputs": lambda x: np.roll(x, -1, axis=0)},
    "uses x(t-1)": {"inputs": lambda x: np.vstack([0 * x[:1], x[:-1]])},
    "first input reused": {"inputs": lambda x: np.repeat(x[:1], len(x), axis=0)},
    "reversed inputs": {"inputs": lambda x: x[::-1]},
    "reversed outputs": {"outputs": lambda ys: np.array(ys[::-1])},
    "no recurrence": {"pre": lambda x, U, back, W, b: x @ U + b},
    "W sign flipped": {"pre": lambda x, U, back, W, b: x @ U - back @ W + b},
    "b subtracted": {"pre": lambda x, U, back, W, b: x @ U + back @ W - b},
    "c subtracted": {"out": lambda h, V, c: h @ V - c},
    "feeds what is before the activation": {"fed": lambda h, u, y, v, cell: u if cell == "elman" else v},
    "feeds thresholded output": {"fed": lambda h, u, y, v, cell: np.round(h if cell == "elman" else y)},
    "rounds what is fed back": {"fed": lambda h, u, y, v, cell: np.round(h if cell == "elman" else y, 2)},
    "truncates h": {"phi": lambda u: truncated(np.tanh(u))},
    "rounds y": {"sigma": lambda u: np.round(sig(u), 2)},
    "last output only, repeated": {"outputs": lambda ys: np.array([ys[-1]] * len(ys))},
    "NaN at the end": {"outputs": lambda ys: np.array([*ys[:-1], ys[-1] * np.nan])},
    "clipped inputs": {"inputs": lambda x: np.clip(x, -1, 1)},
}
ELMAN_MUTANTS: dict[str, dict[str, Any]] = {
    "W not transposed": {"pre": lambda x, U, back, W, b: x @ U + W @ back + b},
    "W symmetrised": {"pre": lambda x, U, back, W, b: x @ U + back @ (W + W.T) / 2 + b},
    "diagonal of W only": {"pre": lambda x, U, back, W, b: x @ U + back * np.diag(W) + b},
}
JORDAN_MUTANTS: dict[str, dict[str, Any]] = {
    "first output only is fed back": {"pre": lambda x, U, back, W, b: x @ U + back[0] * W[0] + b},
    "mean output is fed back": {"pre": lambda x, U, back, W, b: x @ U + back.mean() * W.sum(axis=0) + b},
    "elementwise with h": {"fed": lambda h, u, y, v, cell: np.resize(h, len(y))},
}
CASES = [
    *((cell, title, change) for cell in ("elman", "jordan") for title, change in MUTANTS.items()),
    *(("elman", title, change) for title, change in ELMAN_MUTANTS.items()),
    *(("jordan", title, change) for title, change in JORDAN_MUTANTS.items()),
]
RIGHT_FORMS: dict[str, Callable[[list[Any]], Any]] = {
    "array": np.array,
    "list of arrays": list,
    "nested lists": lambda ys: [y.tolist() for y in ys],
    "tuple of tuples": lambda ys: tuple(tuple(map(float, y)) for y in ys),
    "one row more each": lambda ys: np.array(ys)[:, None, :],
    "complex without imaginary parts": lambda ys: np.array(ys) + 0j,
    "columns": lambda ys: np.array([y.reshape(-1, 1) for y in ys]),
    "list of columns": lambda ys: [y.reshape(-1, 1) for y in ys],
    "flat where there is one output": lambda ys: np.array(ys)[:, 0] if len(ys[0]) == 1 else np.array(ys),
    "Fortran order": lambda ys: np.asfortranarray(np.array(ys)),
    "float32": lambda ys: np.array(ys, dtype=np.float32),
}


def judge(cell: str, function: Network, called: Any) -> Outcome:
    params = PARAMS[cell]
    return KIND.judge(params, Answer(calls=called(KIND, params, function))).outcome


def codes(outcome: Outcome) -> list[str]:
    return [feedback.code for feedback in outcome.feedback]


@pytest.mark.parametrize("cell", ["elman", "jordan"])
@pytest.mark.parametrize("form", RIGHT_FORMS)
def test_right_function_is_right_whatever_it_returns_it_as(cell: str, form: str, called: Any) -> None:
    outcome = judge(cell, network(cell, outputs=RIGHT_FORMS[form]), called)
    assert (outcome.fraction, outcome.basis.code, codes(outcome)) == (1, "tested on 16", [])


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_function_in_plain_python_is_right(cell: str, called: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> list[list[float]]:
        back, ys = [0.0] * len(W), []
        for x_t in x:
            u = [b[j] + sum(x_t[i] * U[i][j] for i in range(len(x_t))) for j in range(len(b))]
            h = [math.tanh(u[j] + sum(back[i] * W[i][j] for i in range(len(W)))) for j in range(len(b))]
            v = [c[k] + sum(h[j] * V[j][k] for j in range(len(h))) for k in range(len(c))]
            y = [0.5 + 0.5 * math.tanh(v_k / 2) for v_k in v]
            back = h if cell == "elman" else y
            ys.append(y)
        return ys

    assert judge(cell, net, called).fraction == 1


@pytest.mark.parametrize(("cell", "title", "change"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_known_mistake_is_refused_with_a_counterexample(
    cell: str, title: str, change: Any, called: Any
) -> None:
    outcome = judge(cell, network(cell, **change), called)
    assert outcome.fraction == 0
    assert codes(outcome)[0] == "counterexample"
    facts = outcome.facts["counterexample"]
    assert facts["first_wrong_step"] is not None
    # It replays: the shown inputs give what is shown, and the right function gives what was wanted.
    inputs = [np.array(facts["inputs"][name], dtype=float) for name in "xUWVbc"]
    np.testing.assert_allclose(network(cell)(*inputs), facts["expected"], atol=1e-12)
    got = np.array(facts["got"], dtype=float)
    np.testing.assert_allclose(network(cell, **change)(*inputs), got, atol=1e-12)
    step = facts["first_wrong_step"]
    wrong = [not np.allclose(a, b, rtol=0, atol=1e-6) for a, b in zip(got, facts["expected"], strict=True)]
    assert wrong.index(True) + 1 == step


def feedback_after_tanh(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + b) + h @ W
        ys.append(sig(h @ V + c))
    return np.array(ys)


def two_steps_ago(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    hs = [np.zeros(len(b)), np.zeros(len(b))]
    for x_t in x:
        hs.append(np.tanh(x_t @ U + hs[-2] @ W + b))
    return sig(np.array(hs[2:]) @ V + c)


def accumulates_h(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = h + np.tanh(x_t @ U + h @ W + b)
        ys.append(sig(h @ V + c))
    return np.array(ys)


def biases_swapped(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    return network("elman")(x, U, W, V, np.resize(c, len(b)), np.resize(b, len(c)))


def batch_at_once(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
    h = np.tanh(x @ U + b)
    for _ in range(2):
        h = np.tanh(x @ U + np.vstack([0 * h[:1], h[:-1]]) @ W + b)
    return sig(h @ V + c)


@pytest.mark.parametrize(
    "function", [feedback_after_tanh, two_steps_ago, accumulates_h, biases_swapped, batch_at_once]
)
def test_mistake_in_the_order_of_work_is_refused(function: Network, called: Any) -> None:
    outcome = judge("elman", function, called)
    assert (outcome.fraction, codes(outcome)[0]) == (0, "counterexample")


@pytest.mark.parametrize(("cell", "other"), [("elman", "jordan"), ("jordan", "elman")])
def test_one_cell_is_not_the_other(cell: str, other: str, called: Any) -> None:
    def pre(x: Any, U: Any, back: Any, W: Any, b: Any) -> Any:
        return x @ U + np.resize(back, len(W)) @ W + b

    assert judge(cell, network(other, pre=pre), called).fraction == 0


def test_counterexample_is_the_first_instance_that_differs(called: Any) -> None:
    outcome = judge("elman", network("elman", **ELMAN_MUTANTS["W not transposed"]), called)
    assert outcome.facts["counterexample"]["sizes"] == {"T": 2, "n_in": 1, "n_h": 2, "n_out": 1}
    assert codes(outcome) == ["counterexample", "recurrence"]


def test_small_instances_come_first_and_the_sheet_comes_last() -> None:
    tried = trials(PARAMS["elman"])
    sizes = [tuple(trial.instance.sizes.values()) for trial in tried]
    assert sizes[:3] == [(1, 1, 1, 1), (2, 1, 1, 1), (2, 1, 2, 1)]
    assert sizes[3:6] == sorted(sizes[3:6], key=sum)
    assert [trial.is_secret for trial in tried] == [False] * 15 + [True]
    assert tried[-1].instance.arrays["x"][:, 0].tolist() == SHEET["x"]


def test_probes_hold_inputs_only(called: Any) -> None:
    probes = KIND.probes(PARAMS["jordan"])
    assert [len(probe.args) for probe in probes] == [6] * 16
    assert {probe.times for probe in probes} == {2}
    for probe, trial in zip(probes, trials(PARAMS["jordan"]), strict=True):
        sent = [arg.data for arg in probe.args if isinstance(arg, Array)]
        assert sent == [np.ascontiguousarray(array).tobytes() for array in trial.instance.arrays.values()]
        assert trial.expected[0].tobytes() not in sent


def test_instances_depend_on_the_seed_only() -> None:
    again = msgspec.convert(TABLES["elman"], CodeParams)
    other = msgspec.convert(TABLES["elman"] | {"seed": 1}, CodeParams)
    assert KIND.probes(again) == KIND.probes(PARAMS["elman"])
    assert KIND.probes(other)[:3] == KIND.probes(again)[:3]
    assert KIND.probes(other)[3:-1] != KIND.probes(again)[3:-1]


def test_sheets_own_result_is_never_shown(called: Any) -> None:
    def net(x: Any, *weights: Any) -> Any:
        y = network("elman")(x, *weights)
        return y + 0.1 if x.shape == (4, 3) and len(weights[3]) == 2 else y

    outcome = judge("elman", net, called)
    assert outcome.facts["counterexample"]["expected"] is None
    assert "sheet's own" in outcome.feedback[0].message
    assert not re.search(r"\d\.\d", outcome.feedback[0].message)


def test_hard_coded_outputs_are_refused(called: Any) -> None:
    outcome = judge("elman", lambda *_: [[0.27], [0.73], [0.94], [0.11]], called)
    assert (outcome.fraction, codes(outcome)[0]) == (0, "wrong-shape")


def test_state_kept_between_calls_is_named(called: Any) -> None:
    state: dict[int, Any] = {}

    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        h, ys = state.get(len(b), np.zeros(len(b))), []
        for x_t in x:
            h = np.tanh(x_t @ U + h @ W + b)
            ys.append(sig(h @ V + c))
        state[len(b)] = h
        return np.array(ys)

    outcome = judge("elman", net, called)
    assert (outcome.fraction, codes(outcome)[0]) == (0, "keeps-state")


def test_only_a_changing_second_call_leaves_half(called: Any) -> None:
    calls = {"n": 0}

    def net(*arguments: Any) -> Any:
        calls["n"] += 1
        return network("elman")(*arguments) * (1 if calls["n"] % 2 else 0.5)

    outcome = judge("elman", net, called)
    assert (outcome.fraction, codes(outcome)) == (Fraction(1, 2), ["keeps-state"])


def test_overwritten_arguments_do_no_harm(called: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        y = network("elman")(x, U, W, V, b, c)
        for array in (x, U, W, V, b, c):
            array[:] = 7
        return y

    assert judge("elman", net, called).fraction == 1


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_pair_of_outputs_and_hidden_values_is_read_with_a_remark(cell: str, called: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        hs: list[Any] = []
        y = network(cell, phi=lambda u: hs.append(np.tanh(u)) or hs[-1])(x, U, W, V, b, c)
        return y, np.array(hs)

    outcome = judge(cell, net, called)
    assert (outcome.fraction, codes(outcome)) == (1, ["returns-pair"])


def test_pair_of_outputs_and_last_hidden_values_is_read_with_a_remark(called: Any) -> None:
    """As torch.nn.RNN returns them, where two steps would make it look like a table of two rows."""

    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        hs: list[Any] = []
        y = network("elman", phi=lambda u: hs.append(np.tanh(u)) or hs[-1])(x, U, W, V, b, c)
        return y, hs[-1]

    outcome = judge("elman", net, called)
    assert (outcome.fraction, codes(outcome)) == (1, ["returns-pair"])


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_pair_of_outputs_and_states_with_the_start_in_front_is_read_with_a_remark(
    cell: str, called: Any
) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        s: list[Any] = [np.zeros(len(b))]
        o = network(cell, phi=lambda u: s.append(np.tanh(u)) or s[-1])(x, U, W, V, b, c)
        return o, np.array(s)

    outcome = judge(cell, net, called)
    assert (outcome.fraction, codes(outcome)) == (1, ["returns-pair"])


def test_pair_in_the_other_order_is_refused(called: Any) -> None:
    outcome = judge("elman", lambda x, U, W, V, b, c: (0 * x @ U, network("elman")(x, U, W, V, b, c)), called)
    assert outcome.fraction == 0


@pytest.mark.parametrize(
    ("outputs", "code", "fraction"),
    [
        (lambda ys: np.array(ys).T, "transposed", 0),
        (lambda ys: np.array([np.zeros_like(ys[0]), *ys]), "wrong-shape", 0),
        # For one output a flat array can mean nothing else.
        (lambda ys: np.array(ys).ravel(), "wrong-shape", Fraction(1, 2)),
        (lambda ys: ys[-1], "wrong-shape", 0),
    ],
)
def test_wrong_shape_is_named(outputs: Any, code: str, fraction: Any, called: Any) -> None:
    outcome = judge("elman", network("elman", outputs=outputs), called)
    assert (outcome.fraction, codes(outcome)[0]) == (fraction, code)
    assert outcome.facts["counterexample"]["got_shape"] is not None


def test_failure_on_some_instances_shows_the_inputs(called: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        if len(c) > 1:
            raise IndexError("index 1 is out of bounds")
        return network("elman")(x, U, W, V, b, c)

    outcome = judge("elman", net, called)
    assert codes(outcome) == ["exception", "ran-on", "one-output"]
    text = "With T = 1, n_in = 2, n_h = 3, n_out = 2: IndexError: index 1 is out of bounds."
    assert outcome.feedback[0].message == text
    assert outcome.feedback[1].message == "It ran on 5 of 16 instances."
    assert outcome.facts["counterexample"]["got"] is None


@pytest.mark.parametrize("cell", ["elman", "jordan"])
def test_a_function_for_one_output_earns_half(cell: str, called: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        y = network(cell, out=lambda h, V, c: np.atleast_1d(h @ V[:, 0] + c[0]))(x, U, W[: len(W)], V, b, c)
        return y.reshape(len(x), -1)

    outcome = judge(cell, net, called)
    assert (outcome.verdict, outcome.fraction) == ("partial", Fraction(1, 2))
    assert "one-output" in codes(outcome)


def test_right_for_one_output_is_decided_by_random_networks_not_by_the_sheets_numbers(called: Any) -> None:
    """Right for the sheet's own network and the smallest, wrong for another with one output."""
    known = [
        trial.instance.arrays["x"].tobytes()
        for trial in trials(PARAMS["elman"])
        if trial.instance.sizes["n_out"] == 1
    ]

    def net(x: Any, *weights: Any) -> Any:
        is_known = x.tobytes() in (*known[:3], known[-1])
        return network("elman")(x, *weights) if is_known else np.zeros((len(x), 1))

    outcome = judge("elman", net, called)
    assert (outcome.fraction, "one-output" in codes(outcome)) == (0, False)


def test_right_for_some_networks_with_more_outputs_is_no_half(called: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        return network("elman")(x, U, W, V, b, c) * (len(c) < 3)

    assert judge("elman", net, called).fraction == 0


KEPT: dict[Any, Any] = {}


def clip(u: Any) -> Any:
    return np.clip(u, -6, 6)


def first_of(key: Callable[..., Any]) -> Network:
    """A right function that keeps its results by some of its arguments."""
    KEPT.clear()

    def net(*arguments: Any) -> Any:
        return KEPT.setdefault(key(*arguments), network("elman")(*arguments))

    return net


# Right for every network whose sizes all differ, whose numbers are small, or that is the first of its sizes.
FAMILIES: dict[str, Callable[[], Network]] = {
    "results kept by sizes": lambda: first_of(lambda *arrays: tuple(array.shape for array in arrays)),
    "results kept by inputs": lambda: first_of(lambda x, *_: x.tobytes()),
    "results kept by weights": lambda: first_of(lambda x, U, *_: (x.shape, U.tobytes())),
    "inputs are clipped": lambda: network("elman", inputs=clip),
    "the output's sum is clipped": lambda: network("elman", sigma=lambda v: sig(np.clip(v, -6, 6))),
    "at most ten steps": lambda: network(
        "elman", outputs=lambda ys: np.array([*ys[:10], *[ys[-1]] * (len(ys) - 10)])
    ),
    "the layout is guessed from the sizes": lambda: (
        lambda x, U, W, V, b, c: network("elman")(
            x,
            U if U.shape[0] != len(b) else U.T,
            W,
            V if V.shape[0] != V.shape[1] else V.T,
            b,
            c,
        )
    ),
    "all weights in the other layout where they are square": lambda: (
        lambda x, U, W, V, b, c: network("elman")(
            x, *((U.T, W.T, V.T) if len({*U.shape, *V.shape}) == 1 else (U, W, V)), b, c
        )
    ),
    "steps along the longer axis": lambda: (
        lambda x, U, W, V, b, c: network("elman")(x.T if x.shape[0] == x.shape[1] else x, U, W, V, b, c)
    ),
    "one input is taken for a vector of steps": lambda: (
        lambda x, U, W, V, b, c: network("elman")(x if x.shape[1] > 1 else x[::-1], U, W, V, b, c)
    ),
    "one hidden neuron is not fed back": lambda: (
        lambda x, U, W, V, b, c: network("elman")(x, U, W * (len(b) > 1), V, b, c)
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_right_for_a_family_of_networks_only_is_not_right(family: str, called: Any) -> None:
    assert judge("elman", FAMILIES[family](), called).fraction == 0


@pytest.mark.parametrize("cell", ["elman", "jordan"])
@pytest.mark.parametrize("seed", range(20))
def test_a_function_that_computes_with_32_bits_is_right(cell: str, seed: int, called: Any) -> None:
    params = msgspec.convert(TABLES[cell] | {"seed": seed}, CodeParams)

    def net(*arguments: Any) -> Any:
        return network(cell)(*(array.astype(np.float32) for array in arguments))

    outcome = KIND.judge(params, Answer(calls=called(KIND, params, net))).outcome
    assert outcome.fraction == 1, outcome.feedback


def test_failure_after_a_wrong_result_is_told_too(called: Any) -> None:
    def net(x: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Any:
        return network("elman", sigma=np.tanh)(x, U, W, V, b, c) / (
            len(c) == 1 or [1, 2, 3, 4, 5, 6, 7, 8, 9]
        )

    outcome = judge("elman", net, called)
    assert codes(outcome) == ["counterexample", "exception", "ran-on"]


def test_function_that_always_fails_is_invalid(called: Any) -> None:
    with pytest.raises(Unreadable, match="ZeroDivisionError") as caught:
        judge("elman", lambda *_: 1 / 0, called)
    assert caught.value.code == "exception"


@pytest.mark.parametrize("kind", ["timeout", "exit", "crash", "memory", "forbidden"])
def test_fault_that_ends_everything_is_told_in_its_own_words(kind: Any) -> None:
    first = CallReading(fault=Fault(kind=kind, message="it did not end", where="answer.py, line 3"))
    rest = CallReading(fault=Fault(kind="not-run", message="an earlier call ended it"))
    with pytest.raises(Unreadable, match=r"it did not end \(answer.py, line 3\)") as caught:
        KIND.judge(PARAMS["elman"], Answer(calls=(first, *[rest] * 15)))
    assert caught.value.code == kind


def test_second_call_that_fails_is_a_failure(called: Any) -> None:
    calls = {"n": 0}

    def net(*arguments: Any) -> Any:
        calls["n"] += 1
        if calls["n"] == 2:
            raise ValueError("again")
        return network("elman")(*arguments)

    outcome = judge("elman", net, called)
    assert outcome.fraction == 0
    assert (
        "the second call with the same arguments ended with ValueError: again" in outcome.feedback[0].message
    )


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        (None, "returns-none"),
        ("0.5", "not-a-table"),
        ({"z": 1}, "not-a-table"),
        (np.array([[1j]]), "not-real"),
        ([[True]], "flag-not-number"),
        ([[0.5], [0.5, 0.5]], "ragged"),
    ],
)
def test_what_is_no_table_of_numbers_is_invalid(returned: Any, code: str, called: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        judge("elman", lambda *_: returned, called)
    assert caught.value.code == code


def test_infinite_outputs_are_wrong_and_can_be_shown(called: Any) -> None:
    outcome = judge("elman", lambda x, U, W, V, b, c: np.full((len(x), len(c)), np.inf), called)
    assert outcome.fraction == 0
    assert outcome.facts["counterexample"]["got"] == [["inf"]]
    msgspec.json.encode(outcome.facts)


def test_calls_that_never_came_back_are_not_right(called: Any) -> None:
    params = PARAMS["elman"]
    readings = called(KIND, params, network("elman"))[:3]
    outcome = KIND.judge(params, Answer(calls=readings)).outcome
    assert outcome.fraction == 0
    assert codes(outcome) == ["not-run", "ran-on"]


def test_items_of_two_rows_are_two_steps_and_no_pair(called: Any, plain: Any) -> None:
    params = msgspec.convert(
        TABLES["elman"]
        | {
            "sizes": [
                *SIZES,
                {"T": 2, "n_in": 1, "n_h": 3, "n_out": 3},
                {"T": 2, "n_in": 1, "n_h": 2, "n_out": 2},
            ]
        },
        CodeParams,
    )
    readings = called(KIND, params, network("elman", outputs=list))
    assert any(isinstance(reading.results[0], Items) for reading in readings)
    outcome = KIND.judge(params, Answer(calls=readings)).outcome
    assert (outcome.fraction, codes(outcome)) == (1, [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"function": "a b"}, "function is 'a b'"),
        ({"atol": 0.0}, "atol is 0.0"),
        ({"atol": float("nan")}, "atol is nan"),
        ({"seed": -1}, "seed is -1"),
        ({"sizes": SIZES[1:]}, "at least one needs T = 1"),
        ({"sizes": [*SIZES, SIZES[0] | {"n_h": 0}]}, "sizes[3].n_h is 0"),
        (
            {"values": {"W": [[2.0, 1.3]], **SHEET}},
            "W: n_h = 2, but an axis of W has 1 entries",
        ),
        (
            {"values": {"W": [[2.0], [1.0, 2.0]], **SHEET}},
            "W is no array of numbers: are its rows of one length?",
        ),
        ({"atoll": 1}, "unknown field `atoll`"),
    ],
)
def test_impossible_parameters_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        msgspec.convert(TABLES["elman"] | change, CodeParams)
