"""A right function is right in every layout that a course may ask for, and however it returns its arrays."""

from __future__ import annotations

import itertools
import runpy
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.kinds.code import KIND
from grader.kinds.code.question import CodeParams
from grader.model.kind import Answer, KindExample
from grader.model.outcome import Outcome

EXAMPLES = runpy.run_path(str(Path(__file__).parents[1] / "answers_to_kinds" / "code.py"))["EXAMPLES"]

# Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014, with a start argument.
GRU: dict[str, Any] = {
    "inputs": {"x": "n_in"},
    "parameters": {
        f"{letter}{gate}": shape
        for gate in "zrn"
        for letter, shape in (("W", "n_h x n_in"), ("U", "n_h x n_h"), ("b", "n_h"))
    },
    "equations": [
        "z(t) = sigmoid(Wz @ x(t) + Uz @ h(t-1) + bz)",
        "r(t) = sigmoid(Wr @ x(t) + Ur @ h(t-1) + br)",
        "n(t) = tanh(Wn @ x(t) + Un @ (r(t) * h(t-1)) + bn)",
        "h(t) = (1 - z(t)) * n(t) + z(t) * h(t-1)",
    ],
    "start": {"h": "h0"},
}
Weights = tuple[Any, ...]


def sig(u: Any) -> Any:
    return 1 / (1 + np.exp(-u))


def gru(x: Any, h: Any, *weights: Any) -> Any:
    """Plain loops over sequences and steps: (N, T, n_in) and (N, n_h) to (N, T, n_h)."""
    Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn = weights
    out = np.zeros((*x.shape[:2], len(bz)))
    for sequence in range(len(x)):
        state = h[sequence]
        for t in range(x.shape[1]):
            now = x[sequence, t]
            z = sig(Wz @ now + Uz @ state + bz)
            r = sig(Wr @ now + Ur @ state + br)
            n = np.tanh(Wn @ now + Un @ (r * state) + bn)
            state = (1 - z) * n + z * state
            out[sequence, t] = state
    return out


def params(arguments: dict[str, str], returns: list[str], **more: Any) -> CodeParams:
    table = {"function": "net", "network": GRU, "arguments": arguments, "returns": returns, **more}
    return msgspec.convert(table, CodeParams)


def judge(asked: CodeParams, function: Callable[..., Any], called: Any) -> Outcome:
    return KIND.judge(asked, Answer(calls=called(KIND, asked, function))).outcome


def said(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.feedback]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_example_comes_out_as_it_says(example: KindExample, holds: Any) -> None:
    holds(KIND, example)


@pytest.mark.parametrize("order", [*itertools.permutations(("N", "T", "n_in"))], ids=" x ".join)
@pytest.mark.parametrize("out", [*itertools.permutations(("N", "T", "n_h"))], ids=" x ".join)
def test_axes_may_stand_in_any_order(order: tuple[str, ...], out: tuple[str, ...], called: Any) -> None:
    asked = params({"x": " x ".join(order), "h0": "n_h x N"}, [f"h: {' x '.join(out)}"])

    def net(x: Any, h0: Any, *weights: Any) -> Any:
        batch = x.transpose([order.index(axis) for axis in ("N", "T", "n_in")])
        return gru(batch, h0.T, *weights).transpose([("N", "T", "n_h").index(axis) for axis in out])

    outcome = judge(asked, net, called)
    assert (outcome.fraction, said(outcome)) == (1, [])


def test_without_a_layout_steps_come_first_and_there_is_one_sequence(called: Any) -> None:
    asked = params({}, [])
    outcome = judge(asked, lambda x, h0, *weights: gru(x[None], h0[None], *weights)[0], called)
    assert outcome.fraction == 1


def test_what_is_listed_comes_first_in_its_order_and_the_rest_as_declared(called: Any) -> None:
    asked = params({"Un": "n_h x n_h", "h0": "n_h", "x": "T x n_in"}, [])

    def net(
        Un: Any, h0: Any, x: Any, Wz: Any, Uz: Any, bz: Any, Wr: Any, Ur: Any, br: Any, Wn: Any, bn: Any
    ) -> Any:
        return gru(x[None], h0[None], Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn)[0]

    assert judge(asked, net, called).fraction == 1


def test_parameters_may_be_laid_out_the_other_way_and_biases_as_columns(called: Any) -> None:
    """As in Karpathy's min-char-rnn: columns, a list of steps."""
    arguments = {"x": "T x n_in x 1", "h0": "n_h x 1", "Wz": "n_in x n_h", "bz": "n_h x 1", "br": "1 x n_h"}
    asked = params(arguments, ["h: T x n_h x 1", "h: n_h x 1 last"])

    def net(
        x: Any, h0: Any, Wz: Any, bz: Any, br: Any, Uz: Any, Wr: Any, Ur: Any, Wn: Any, Un: Any, bn: Any
    ) -> Any:
        assert x.shape[2] == h0.shape[1] == bz.shape[1] == br.shape[0] == 1
        rows = gru(x[None, :, :, 0], h0.T, Wz.T, Uz, bz[:, 0], Wr, Ur, br[0], Wn, Un, bn)[0]
        return rows[:, :, None], rows[-1][:, None]

    assert judge(asked, net, called).fraction == 1


@pytest.mark.parametrize("form", [lambda h: h, lambda h: h.tolist(), lambda h: (h,), lambda h: {"h": h}])
def test_one_step_of_a_batch(form: Any, called: Any) -> None:
    asked = params({"x": "N x n_in", "h0": "N x n_h"}, ["h: N x n_h"])
    outcome = judge(asked, lambda x, h0, *weights: form(gru(x[:, None], h0, *weights)[:, 0]), called)
    assert (outcome.fraction, said(outcome)) == (1, [])


def test_one_step_of_one_sequence_may_return_a_number_for_one_neuron(called: Any) -> None:
    asked = params({"x": "n_in", "h0": "n_h"}, ["h: n_h"])

    def net(x: Any, h0: Any, *weights: Any) -> Any:
        h = gru(x[None, None], h0[None], *weights)[0, 0]
        return float(h[0]) if len(h) == 1 else h

    assert judge(asked, net, called).fraction == 1


def test_a_start_that_all_sequences_share(called: Any) -> None:
    asked = params({"x": "N x T x n_in", "h0": "n_h"}, ["h: N x T x n_h"])
    outcome = judge(asked, lambda x, h0, *w: gru(x, np.tile(h0, (len(x), 1)), *w), called)
    assert outcome.fraction == 1


BATCH = {"x": "N x T x n_in", "h0": "N x n_h"}
# What may come back for "all h, and the last one".
FORMS: dict[str, Callable[[Any], Any]] = {
    "tuple": lambda h: (h, h[:, -1]),
    "list": lambda h: [h, h[:, -1]],
    "by the name of the only one": lambda h: {"h": (h, h[:, -1])}["h"],
    "lists of numbers": lambda h: (h.tolist(), h[:, -1].tolist()),
    "an axis in the last one, as torch has it": lambda h: (h, h[:, -1:]),
    "32 bits": lambda h: (h.astype(np.float32), h[:, -1].astype(np.float32)),
    "the second in a tuple": lambda h: (h, (h[:, -1],)),
    "both in a tuple of one": lambda h: ((h, h[:, -1]),),
    "views of one array": lambda h: (h[:], h[:, -1]),
    "Fortran order": lambda h: (np.asfortranarray(h), h[:, -1]),
    "one sequence without its axis": lambda h: (h[0], h[0, -1]) if len(h) == 1 else (h, h[:, -1]),
    "one neuron without its axis": lambda h: (h[..., 0], h[:, -1, 0]) if h.shape[2] == 1 else (h, h[:, -1]),
}


@pytest.mark.parametrize("form", FORMS)
def test_two_returns_in_any_form(form: str, called: Any) -> None:
    asked = params(BATCH, ["h: N x T x n_h", "h: N x n_h last"])
    outcome = judge(asked, lambda *given: FORMS[form](gru(*given)), called)
    assert (outcome.fraction, said(outcome)) == (1, [])


def test_a_stacked_array_and_names_are_read(called: Any) -> None:
    asked = params({"x": "N x n_in", "h0": "N x n_h"}, ["h: N x n_h", "z: N x n_h"])

    def both(x: Any, h0: Any, Wz: Any, Uz: Any, bz: Any, *rest: Any) -> Any:
        return gru(x[:, None], h0, Wz, Uz, bz, *rest)[:, 0], sig(x @ Wz.T + h0 @ Uz.T + bz)

    for form in (np.stack, np.array, tuple, list, lambda pair: dict(zip("hz", pair, strict=True))):
        assert judge(asked, lambda *given, form=form: form(both(*given)), called).fraction == 1
    assert judge(asked, lambda *given: both(*given)[::-1], called).fraction == 0
    assert judge(asked, lambda *given: dict(zip("zh", both(*given), strict=True)), called).fraction == 0


def test_other_variables_may_come_along(called: Any) -> None:
    asked = params(BATCH, ["h: N x T x n_h"])
    for more in (lambda h: (h[:, -1],), lambda h: (h[:, -1][None],), lambda h: (h[:, -1], h[:, -1])):
        outcome = judge(asked, lambda *given, more=more: (h := gru(*given), *more(h)), called)
        assert (outcome.fraction, said(outcome)) == (1, ["returns-pair"])


def test_arguments_are_fresh_for_each_call(called: Any) -> None:
    asked = params(BATCH, ["h: N x T x n_h"])

    def net(x: Any, h0: Any, *weights: Any) -> Any:
        out = gru(x, h0, *weights)
        for array in (x, h0, *weights):
            array[...] = 7
        return out

    assert judge(asked, net, called).fraction == 1


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (
            lambda h: h.swapaxes(0, 1),
            "transposed",
            "With N = 1, T = 2, n_in = 1, n_h = 1: it returns shape (2, 1, 1), one row a step; "
            "wanted one row a sequence, (N, T, n_h) = (1, 2, 1).",
        ),
        (
            lambda h: h[:, -1],
            "wrong-shape",
            "With N = 1, T = 2, n_in = 1, n_h = 1: it returns shape (1, 1), wanted (N, T, n_h) = (1, 2, 1).",
        ),
        (
            lambda h: np.concatenate([0 * h[:, :1], h], 1),
            "wrong-shape",
            "With N = 1, T = 1, n_in = 1, n_h = 1: it returns shape (1, 2, 1), "
            "wanted (N, T, n_h) = (1, 1, 1).",
        ),
        (
            lambda h: h if len(h) == 1 else h.swapaxes(1, 2),
            "transposed",
            "With N = 2, T = 5, n_in = 3, n_h = 4: it returns (N, n_h, T) = (2, 4, 5), "
            "wanted (N, T, n_h) = (2, 5, 4).",
        ),
    ],
)
def test_a_wrong_shape_names_its_axes(change: Any, code: str, message: str, called: Any) -> None:
    outcome = judge(params(BATCH, ["h: N x T x n_h"]), lambda *given: change(gru(*given)), called)
    assert outcome.fraction == 0
    assert (outcome.feedback[0].code, outcome.feedback[0].message) == (code, message)


def test_a_wrong_value_names_variable_step_and_sequence(called: Any) -> None:
    asked = params(
        BATCH,
        ["h: N x T x n_h", "z: N x n_h last"],
        sizes=[{"N": 2, "T": 3, "n_in": 1, "n_h": 4}, {"N": 2, "T": 1, "n_in": 1, "n_h": 1}],
    )

    def net(x: Any, h0: Any, Wz: Any, Uz: Any, bz: Any, *rest: Any) -> Any:
        h = gru(x, h0, Wz, Uz, bz, *rest)
        before = h[:, -2] if x.shape[1] > 1 else h0
        z = sig(x[:, -1] @ Wz.T + before @ Uz.T + bz)
        h[1:, 2:] += 0.1
        return h, z

    first = judge(asked, net, called).feedback[0].message
    assert first == "With N = 2, T = 3, n_in = 1, n_h = 4: h is first wrong at t = 3 of sequence 2."
    late = judge(asked, lambda *given: (gru(*given), gru(*given)[:, -1]), called).feedback[0].message
    assert late == "With N = 1, T = 1, n_in = 1, n_h = 1: z is wrong."


@pytest.mark.parametrize(
    ("returned", "code", "text"),
    [
        (lambda h: None, "returns-none", "returns None"),
        (lambda h: (h, None), "returns-none", "returns None for z"),
        (lambda h: {"h": h}, "not-a-table", "a dict without z"),
    ],
)
def test_what_is_missing_is_named(returned: Any, code: str, text: str, called: Any) -> None:
    asked = params(BATCH, ["h: N x T x n_h", "z: N x n_h last"])
    with pytest.raises(Unreadable) as caught:
        judge(asked, lambda *given: returned(gru(*given)), called)
    assert caught.value.code == code
    assert text in caught.value.message


def test_too_few_and_too_many_are_counted(called: Any) -> None:
    asked = params(BATCH, ["h: N x T x n_h", "z: N x n_h last"])
    few = judge(asked, lambda *given: gru(*given), called)
    assert (
        few.feedback[0].message
        == "With N = 1, T = 1, n_in = 1, n_h = 1: it returns one array, wanted 2: h, z."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arguments": {"y": "n_h"}}, "arguments: y is none; the network's are x, h0, Wz"),
        ({"arguments": {"x": "N x T"}}, "arguments.x: 'N x T' leaves out n_in"),
        ({"arguments": {"x": "N x T x n_h"}}, "arguments.x: n_h is no axis of it; its axes are T x N x n_in"),
        ({"arguments": {"x": "T x T x n_in"}}, "arguments.x: T is there twice"),
        (
            {"arguments": {"Wz": "N x n_h x n_in"}},
            "arguments.Wz: N is no axis of it; its axes are n_h x n_in",
        ),
        ({"arguments": {"x": "N, T, n_in"}}, "arguments.x: 'N, T, n_in' is no size"),
        ({"returns": ["q: T x n_h"]}, "returns: q has no equation; the network's are z, r, n, h"),
        ({"returns": ["h: N x T x n_h"]}, "returns: 'h: N x T x n_h' has N, which no argument has"),
        ({"returns": ["h: n_h"]}, "returns: 'h: n_h' leaves out T; write last for the last step alone"),
        ({"returns": ["h n_h"]}, "returns: 'h n_h'; wanted texts such as"),
        ({"arguments": {"x": "n_in"}, "returns": ["h: n_h last"]}, "says last, but there is one h only"),
        ({"arguments": BATCH, "returns": ["h: T x n_h"]}, "returns: 'h: T x n_h' leaves out N"),
        ({"sizes": [{"T": 1, "n_in": 1}]}, "sizes[0].n_h is missing"),
        ({"sizes": [{"T": 1, "n_in": 2, "n_h": 3, "N": 1}]}, "sizes[0].N is unknown; they are T, n_in, n_h"),
        ({"sizes": [{"T": 2, "n_in": 3, "n_h": 4}]}, "sizes: at least one needs T = 1"),
        ({"sizes": [{"T": 1, "n_in": 2, "n_h": 2}]}, "at least one needs T, n_in and n_h all different"),
        ({"sizes": [{"T": 1, "n_in": 2, "n_h": 51}]}, "sizes[0].n_h is 51; wanted 1 to 50"),
        ({"values": {"x": [[1]]}}, "values: h0 is missing"),
        ({"atol": 2}, "atol is 2.0"),
        ({"function": "a b"}, "function is 'a b'"),
        ({"seed": -1}, "seed is -1"),
        ({"slip_credit": Fraction(1)}, "slip_credit is 1"),
    ],
)
def test_an_author_is_told_what_does_not_fit(change: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError)) as caught:
        msgspec.convert({"function": "net", "network": GRU} | change, CodeParams)
    assert message in str(caught.value)


def test_what_the_documentation_shows_can_be_asked(called: Any) -> None:
    page = (Path(__file__).parents[4] / "docs" / "exercise-format.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in page.split("```toml\n")[1:]]
    shown = [tomllib.loads(block) for block in blocks if 'kind = "code"' in block]
    packed, step = (
        msgspec.convert(
            {key: value for key, value in one["question"]["check"].items() if key != "kind"}
            | {"network": one["network"][one["question"]["check"]["network"]]},
            CodeParams,
        )
        for one in shown
    )

    def torch_gru(x: Any, h0: Any, W_ih: Any, W_hh: Any, b_ih: Any, b_hh: Any) -> Any:
        """The formulas of torch.nn.GRU's documentation, gates packed as r, z, n."""
        h, out = h0, []
        for t in range(x.shape[1]):
            i_r, i_z, i_n = np.split(x[:, t] @ W_ih.T + b_ih, 3, axis=1)
            h_r, h_z, h_n = np.split(h @ W_hh.T + b_hh, 3, axis=1)
            r, z = sig(i_r + h_r), sig(i_z + h_z)
            h = (1 - z) * np.tanh(i_n + r * h_n) + z * h
            out.append(h)
        return np.stack(out, axis=1), h[None]

    def rnn_step_forward(x: Any, h_prev: Any, W_xh: Any, W_hh: Any, b_h: Any) -> Any:
        return np.tanh(h_prev @ W_hh.T + x @ W_xh + b_h)

    assert judge(packed, torch_gru, called).fraction == 1
    assert judge(step, rnn_step_forward, called).fraction == 1
