"""What is handed in for training, read in each form; fits and scores against plain computation."""

from __future__ import annotations

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.generator.question import Data, read_data
from grader.kinds.trajectory.fitting import scale_meanings
from grader.model.run import CallReading, Fault
from grader.model.value import Fields, Flag, Items, Nothing, Text
from grader.training import bands
from grader.training.calls import not_run, result_of, want_something
from grader.training.fitted_formula import (
    FittedFormula,
    FittedTerm,
    except_text,
    fit_formula,
    other_formula,
    same_formula,
)
from grader.training.networks import arrays_of, as_elman, predict, read_network, score_many
from grader.training.task import OtherTargets, Sequences, TaskParams, judged_only, rounded, shaped
from reference.bptt import Parameters
from reference.trainer import Trained

RNG = np.random.default_rng(5)
NAMES = ("U", "W", "V", "b", "c")


def refusal(read, *arguments, **named):
    with pytest.raises(Unreadable) as error:
        read(*arguments, **named)
    return error.value


def weights(n_in=3, n_h=5, n_out=2, jordan=False):
    rng = np.random.default_rng(n_h)
    shapes = {
        "U": (n_in, n_h),
        "W": (n_out if jordan else n_h, n_h),
        "V": (n_h, n_out),
        "b": (n_h,),
        "c": (n_out,),
    }
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def fields(arrays):
    return Fields({name: from_numpy(array) for name, array in arrays.items()})


# Weights.


@pytest.mark.parametrize(
    "names",
    [
        NAMES,
        ("dU", "dW", "dV", "db", "dc"),
        ("d_U", "d_W", "d_V", "d_b", "d_c"),
        ("u", "w", "v", "B", "C"),
        ("grad_U", "grad_W", "grad_V", "grad_b", "grad_c"),
        ("du", "dw", "dv", "dB", "dC"),
    ],
)
def test_arrays_are_known_by_their_names_and_those_of_their_gradients(names):
    given = weights()
    found = arrays_of(fields(dict(zip(names, given.values(), strict=True))), "g")
    assert list(found) == list(NAMES)
    assert all(np.array_equal(found[name], given[name]) for name in NAMES)


@pytest.mark.parametrize(
    "name", ["ddU", "d_old_b", "grad_of_W", "delta_V", "dc2c", "grad_", "d", "bb", "old_U"]
)
def test_what_is_called_nearly_so_stands_for_nothing(name):
    given = weights()
    found = arrays_of(fields(given | {name: np.zeros(7)}), "g")
    assert all(np.array_equal(found[one], given[one]) for one in NAMES)


def test_five_arrays_in_a_list_are_in_their_order():
    given = weights()
    found = arrays_of(Items(tuple(map(from_numpy, given.values()))), "g")
    assert all(np.array_equal(found[name], given[name]) for name in NAMES)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Items(tuple(map(from_numpy, list(weights().values())[:4]))), "not-weights"),
        (Items(tuple(map(from_numpy, [*weights().values(), np.ones(1)]))), "not-weights"),
        (Nothing(), "not-weights"),
        (Flag(True), "not-weights"),
        (fields({"U": np.ones(1)}), "missing-weight"),
        (fields(weights() | {"ddU": np.ones(1)}), None),
        (Fields({**fields(weights()).fields, "W": Text("x")}), "not-a-table"),
        (fields({name: array for name, array in weights().items() if name != "c"}), "missing-weight"),
        (
            fields({"gradU" if name == "U" else name: array for name, array in weights().items()}),
            "missing-weight",
        ),
    ],
)
def test_what_is_no_set_of_weights_is_refused(value, code):
    if code is None:
        assert set(arrays_of(value, "g")) == set(NAMES)
    else:
        assert refusal(arrays_of, value, "g").code == code


@pytest.mark.parametrize(("jordan", "cell"), [(False, "elman"), (True, "jordan")])
@pytest.mark.parametrize("sizes", [(3, 5, 2), (3, 4, 1), (1, 6, 2), (3, 3, 2), (3, 2, 2)])
@pytest.mark.parametrize("columns", [False, True])
def test_a_network_is_read_in_rows_and_in_columns(sizes, columns, jordan, cell):
    given = weights(*sizes, jordan=jordan)
    if jordan and sizes[1] == sizes[2]:
        return  # W of such sizes may be either
    handed = {name: array.T if columns and array.ndim == 2 else array for name, array in given.items()}
    network = read_network(fields(handed), sizes[0], sizes[2], "w")
    assert (network.cell, network.missing, network.layout) == (cell, (), "columns" if columns else "rows")
    assert all(np.array_equal(getattr(network.params, name), given[name]) for name in NAMES)


@pytest.mark.parametrize("shape", [(2, 2), (2, 1, 2), (5,), (1, 5)])
def test_a_bias_has_one_number_a_neuron_in_one_line(shape):
    given = fields(weights(3, 4, 2) | {"b": np.ones(shape)})
    assert refusal(read_network, given, 3, 2, "w").code == "shape"


def test_where_u_and_v_lie_in_two_ways_that_is_told_and_w_is_taken_as_it_is():
    given = weights()
    network = read_network(fields(given | {"V": given["V"].T}), 3, 2, "w")
    assert network.layout == "mixed"
    assert all(np.array_equal(getattr(network.params, name), given[name]) for name in NAMES)
    other = read_network(fields(given | {"U": given["U"].T}), 3, 2, "w")
    assert (other.layout, np.array_equal(other.params.W, given["W"])) == ("mixed", True)


@pytest.mark.parametrize(("left_out", "missing"), [("b", ("b",)), ("c", ("c",)), ("bc", ("b", "c"))])
def test_a_bias_that_is_not_there_is_zero_and_told(left_out, missing):
    given = {name: array for name, array in weights().items() if name not in left_out}
    for handed in (given, {**given, "U": given["U"].T, "V": given["V"].T, "W": given["W"].T}):
        network = read_network(fields(handed), 3, 2, "w")
        assert network.missing == missing
        assert (network.params.b.shape, network.params.c.shape) == ((5,), (2,))
        assert all(not getattr(network.params, name).any() for name in missing)


@pytest.mark.parametrize(
    ("changed", "code", "where"),
    [
        ({"U": np.ones((4, 5))}, "shape", "U"),
        ({"V": np.ones((5, 3))}, "shape", "V"),
        ({"W": np.ones((5, 4))}, "shape", "W"),
        ({"b": np.ones((5, 1))}, None, ""),
        ({"b": np.ones((1, 5))}, None, ""),
        ({"c": np.ones((2, 1, 1))}, None, ""),
        ({"c": np.ones(3)}, "shape", "c"),
        ({"c": np.array(1.0)}, "shape", "c"),
        ({"U": np.ones(15)}, "shape", "U"),
        ({"U": np.ones((3, 5, 1))}, "shape", "U"),
        ({"W": np.full((5, 5), np.nan)}, "not-finite", "W"),
        ({"c": np.array([1, np.inf])}, "not-finite", "c"),
    ],
)
def test_weights_of_another_shape_are_refused_by_name(changed, code, where):
    value = fields(weights() | changed)
    if code is None:
        read_network(value, 3, 2, "w")
    else:
        error = refusal(read_network, value, 3, 2, "w")
        assert (error.code, error.where) == (code, where)


@pytest.mark.parametrize("shape", [(3, 5, 1), (15,), ()])
def test_what_is_no_matrix_is_refused_where_there_is_no_bias_to_count_neurons_by_either(shape):
    given = {name: array for name, array in weights().items() if name != "b"}
    for name in ("U", "W", "V"):
        error = refusal(read_network, fields(given | {name: np.ones(shape)}), 3, 2, "w")
        assert (error.code, error.where) == ("shape", name)


@pytest.mark.parametrize(("n_h", "fits"), [(1, True), (256, True), (257, False)])
def test_a_network_has_at_most_256_hidden_neurons(n_h, fits):
    value = fields(weights(n_h=n_h))
    if fits:
        assert len(read_network(value, 3, 2, "w").params.b) == n_h
    else:
        error = refusal(read_network, value, 3, 2, "w")
        assert (error.code, error.where) == ("shape", "U")  # the first of those with 257


# Running and scoring, against plain loops.


def outputs_of(x, params, cell):
    U, W, V, b, c = params
    h, y = np.zeros(len(b)), np.zeros(len(c))
    found = []
    for x_t in x:
        h = np.tanh(U.T @ x_t + W.T @ (h if cell == "elman" else y) + b)
        y = V.T @ h + c
        found.append(y)
    return np.array(found)


@pytest.mark.parametrize("jordan", [False, True])
@pytest.mark.parametrize("start", [0, 2])
def test_outputs_and_errors_are_those_of_plain_loops(jordan, start):
    x, y = RNG.uniform(size=(3, 4, 3)), RNG.normal(size=(3, 4, 2))
    network = read_network(fields(weights(jordan=jordan)), 3, 2, "w")
    wanted = np.array([outputs_of(one, network.params, network.cell) for one in x])
    assert np.allclose(predict(network, x), wanted, atol=1e-12)
    errors = [
        [
            np.mean([(wanted[i, t, k] - y[i, t, k]) ** 2 for i in range(3) for t in range(start, 4)])
            for k in (0, 1)
        ]
    ]
    assert np.allclose(score_many([network], Sequences(x, y, start)), errors, rtol=1e-5)
    assert np.allclose(score_many([network], Sequences(x, y, start), [sum(errors[0])]), errors, rtol=1e-12)
    assert np.array_equal(as_elman(network).b_first, network.params.b)


def test_a_network_that_overflows_has_no_score():
    huge = weights() | {"V": np.full((5, 2), 1e200)}
    network = read_network(fields(huge), 3, 2, "w")
    scores = score_many([network], Sequences(np.ones((1, 2, 3)), np.ones((1, 2, 2)), 0), [1.0])
    assert np.isinf(scores).all()


# Data.

X, Y = RNG.uniform(size=(4, 6, 3)), RNG.normal(size=(4, 6, 2))
SHAPE = (4, 6, 3, 2)


def test_data_come_as_a_pair_or_by_name():
    for value in (
        Items((from_numpy(X), from_numpy(Y))),
        fields({"x": X, "y": Y}),
        fields({"y": Y, "x": X, "z": X}),
    ):
        assert all(
            np.array_equal(*pair)
            for pair in zip(read_data(value, SHAPE, (0, 0), "make"), Data(X, Y), strict=True)
        )


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Nothing(), "returns-none"),
        (from_numpy(X), "not-a-pair"),
        (Items((from_numpy(X),)), "not-a-pair"),
        (Items((from_numpy(X), from_numpy(Y), from_numpy(Y))), "not-a-pair"),
        (fields({"x": X}), "not-a-pair"),
        (Items((from_numpy(Y), from_numpy(X))), "shape"),
        (Items((from_numpy(X), from_numpy(Y[:, :5]))), "shape"),
        (Items((from_numpy(X * np.nan), from_numpy(Y))), "not-finite"),
        (Items((from_numpy(X), from_numpy(Y * np.inf))), "not-finite"),
        (Items((from_numpy(X), from_numpy(Y + 2e100))), "too-large"),
        (Items((from_numpy(X - 2e100), from_numpy(Y))), "too-large"),
    ],
)
def test_what_are_no_data_is_refused_for_its_reason(value, code):
    assert refusal(read_data, value, SHAPE, (0, 0), "make").code == code


def test_before_its_first_judged_step_an_output_may_be_anything():
    y = Y.copy()
    y[:, :1, 0], y[:, :3, 1] = np.nan, 1e200
    value = Items((from_numpy(X), from_numpy(y)))
    data = read_data(value, SHAPE, (1, 3), "make")
    assert np.array_equal(data.y[:, 1:, 0], Y[:, 1:, 0])
    assert not data.y[:, 0, 0].any()
    assert refusal(read_data, value, SHAPE, (0, 3), "make").code == "not-finite"
    assert refusal(read_data, value, SHAPE, (1, 2), "make").code == "too-large"
    kept = judged_only(Y, (1, 3))
    assert not kept[:, :1, 0].any()
    assert not kept[:, :3, 1].any()
    assert np.array_equal(kept[:, 1:, 0], Y[:, 1:, 0])
    assert np.array_equal(kept[:, 3:, 1], Y[:, 3:, 1])


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((6, 4, 3), "another order"),
        ((4, 5, 3), "one step off"),
        ((4, 7, 3), "one step off"),
        ((4, 8, 3), None),
        ((4, 6), None),
        ((3, 6, 4), "another order"),
    ],
)
def test_data_of_another_shape_are_told_what_may_be_wrong(shape, words):
    hint = refusal(shaped, np.zeros(shape), (4, 6, 3), "x").hint
    assert (words is None and ";" not in hint) or (words is not None and words in hint)


def test_numbers_up_to_1e100_are_read():
    edge = np.full((1, 1), 1e100)
    assert shaped(edge, (1, 1), "x") is edge
    assert refusal(shaped, -edge * 1.01, (1, 1), "x").code == "too-large"


# Calls.


@pytest.mark.parametrize(
    ("fault", "hint", "code"),
    [
        (None, None, "does-not-run-not-run"),
        (Fault(kind="timeout", message="too slow."), "loop", "does-not-run-timeout"),
        (
            Fault(kind="exception", message="f() takes 2 positional arguments", where="line 2"),
            "f(x, y)",
            "does-not-run-exception",
        ),
        (Fault(kind="exception", message="ValueError", where="line 2"), "4 steps", "does-not-run-exception"),
        (Fault(kind="missing", message="no argument"), "4 steps", "does-not-run-missing"),
    ],
)
def test_a_call_that_gave_nothing_says_why_and_what_to_do(fault, hint, code):
    error = not_run(fault, "f(x, y)", "4 steps")
    assert error.code == code
    assert hint is None or hint in (error.hint or "")
    assert hint is not None or error.hint is None
    assert fault is None or error.message == (
        f"{fault.where}: " if fault.where else ""
    ) + fault.message.rstrip(".")
    if fault is not None and hint == "4 steps":
        assert not_run(fault, "f(x, y)").hint is None


def test_the_first_result_counts():
    assert result_of(CallReading(results=(Flag(True), Flag(False))), "f()") == Flag(True)
    assert (
        refusal(result_of, CallReading(fault=Fault(kind="timeout", message="")), "f()").code
        == "does-not-run-timeout"
    )
    assert want_something(Flag(False), "f") == Flag(False)
    assert refusal(want_something, Nothing(), "f").code == "returns-none"


# Factors of the cost.


def test_factors_of_the_cost_are_the_products_of_their_mistakes():
    n, t, k = 7, 11, 3
    wanted = sorted(
        h * s * o * sign for h in (1, 0.5) for s in (1, n, t, n * t) for o in (1, 1 / k) for sign in (1, -1)
    )
    found = scale_meanings(n, t, k)
    assert sorted(factor for factor, _ in found) == pytest.approx(wanted)
    assert len(found) == 32
    assert found[0] == (1.0, "")
    counts = [words.count(", and ") + (words != "") for _, words in found]
    assert counts == sorted(counts)
    assert dict(found)[-1.0] == "the sign is turned round"
    assert "sequences and steps" in dict(found)[float(n * t)]
    assert "over time steps" in dict(found)[float(t)]
    assert "over sequences where" in dict(found)[float(n)]


# Fitted formulas.

LONG = np.random.default_rng(8).uniform(size=(40, 60, 3))


def delayed(i, lag):
    return np.roll(LONG[:, :, i - 1], lag, axis=1)


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (3 * delayed(2, 1) - 0.5, "y1 = 3 x2(t-1) -0.5"),
        (3 * delayed(2, 1) - 0.5 * delayed(1, 0), "y1 = 3 x2(t-1) - 0.5 x1(t)"),
        (delayed(3, -1) * 2, "y1 = 2 x3(t+1)"),
        (-delayed(1, 5), "y1 = -x1(t-5)"),
        (25 * delayed(2, 1) * delayed(3, 3), "y1 = 25 x2(t-1) x3(t-3)"),
        (4 * delayed(1, 0) * delayed(1, 0) + 1, "y1 = 4 x1(t) x1(t) + 1"),
        (delayed(1, 0) * 0 + 2.5, "y1 = 2.5"),
        (delayed(1, 0) * 0, "y1 = 0"),
        (0.019 * delayed(1, 0) + delayed(2, 0), "y1 = x2(t)"),
        (0.021 * delayed(1, 0) + delayed(2, 0), "y1 = x2(t) + 0.021 x1(t)"),
    ],
)
def test_a_formula_without_noise_is_found(y, words):
    found = fit_formula(LONG, y)
    assert found.text(1).replace("- 0.5", "-0.5") == words.replace("- 0.5", "-0.5")
    assert found.is_seen
    assert abs(found.residual).max() < 0.02
    assert found.residual.shape == (40, 54)


def test_inputs_that_are_all_zero_explain_nothing():
    noise = np.random.default_rng(9).normal(size=(40, 60))
    found = fit_formula(np.zeros((40, 60, 2)), 1 + 0.1 * (noise - noise[:, 5:-1].mean()))
    assert found.text(1) == "y1 = 1"
    assert not found.is_seen


def test_noise_alone_follows_no_formula():
    noise = np.random.default_rng(9).normal(size=(40, 60))
    assert not fit_formula(LONG, noise).is_seen
    clean = delayed(1, 1)
    assert other_formula(LONG, clean + 0.01 * noise, clean, 1) is None
    assert other_formula(LONG, clean + 0.01 * noise + 3, clean, 1) is None
    assert other_formula(LONG, noise, clean, 1) is not None
    assert other_formula(LONG, 1.3 * clean + 0.001 * noise, clean, 1).text(1) == "y1 = 1.3 x1(t-1)"
    assert other_formula(LONG, delayed(1, 2) + 0.01 * noise, clean, 1).text(2).endswith("x1(t-2)")


@pytest.mark.parametrize(("explained", "is_seen"), [(0.5, False), (0.51, True), (1.0, True), (0.0, False)])
def test_a_formula_that_explains_more_than_half_is_seen(explained, is_seen):
    assert FittedFormula((), np.zeros((1, 1)), explained).is_seen is is_seen


@pytest.mark.parametrize(
    ("terms", "is_same"),
    [
        ([(1.0, ((0, 1),)), (2.0, ())], True),
        ([(2.0, ()), (1.0, ((0, 1),))], True),
        ([(1.0099, ((0, 1),)), (2.0, ())], True),
        ([(0.9901, ((0, 1),)), (2.0, ())], True),
        ([(1.011, ((0, 1),)), (2.0, ())], False),
        ([(0.989, ((0, 1),)), (2.0, ())], False),
        ([(1.0, ((0, 1),)), (2.5, ())], False),
        ([(1.0, ((0, 1),))], False),
        ([(1.0, ((0, 2),)), (2.0, ())], False),
    ],
)
def test_formulas_are_the_same_when_each_term_is(terms, is_same):
    one = FittedFormula((FittedTerm(1.0, ((0, 1),)), FittedTerm(2.0, ())), np.zeros((1, 1)), 1.0)
    assert (
        same_formula(one, FittedFormula(tuple(FittedTerm(*term) for term in terms), np.zeros((1, 1)), 1.0))
        is is_same
    )


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([3], "except at step 3."),
        ([3, 4], "except at steps 3 and 4."),
        ([1, 2, 3, 4], "except at steps 1, 2, 3 and 4."),
        ([1, 2, 3, 4, 5], "except at 5 steps, the first of them step 1."),
    ],
)
def test_four_steps_are_listed(steps, told):
    assert except_text(2, steps).endswith(told)


# Tasks.

ONE = ("x[1]",)


@pytest.mark.parametrize(
    ("inputs", "targets", "mistakes", "fits"),
    [
        (1, ONE, (), True),
        (16, ONE, (), True),
        (0, ONE, (), False),
        (17, ONE, (), False),
        (1, (), (), False),
        (1, ONE, ONE, True),
        (1, ONE, ("x[1]", "x[1]"), False),
    ],
)
def test_a_task_has_1_to_16_inputs_and_a_signal_for_each_output(inputs, targets, mistakes, fits):
    other = (OtherTargets(id="o", targets=mistakes, message=""),) if mistakes else ()
    try:
        TaskParams(inputs=inputs, targets=targets, mistakes=other)
    except ValueError:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(
    ("share", "fits"), [("", True), ("0", True), ("1", True), ("3/4", True), ("5/4", False), ("-1/4", False)]
)
def test_a_share_lies_between_0_and_1(share, fits):
    try:
        OtherTargets(id="o", targets=ONE, message="", share=share)
    except ValueError:
        assert not fits
    else:
        assert fits


def test_the_first_step_of_an_output_is_the_first_that_has_its_past():
    targets = ("x[1]", "delay(x[1], 1)", "delay(x[1], 2)*delay(x[2], 3)")
    assert TaskParams(inputs=2, targets=targets).starts == (0, 1, 3)


def test_targets_of_a_mistake_are_read_when_the_exercise_is():
    with pytest.raises(ValueError, match="x"):
        TaskParams(inputs=1, targets=ONE, mistakes=(OtherTargets(id="o", targets=("x[7]",), message=""),))


def test_the_honest_answer_is_the_network_with_the_lowest_cost_at_the_end(monkeypatch):
    """The first is ahead until the last epoch, then the second; four decimal places are written."""
    params = Parameters(*((np.arange(2.0) + 0.123456).reshape(2, *[1] * n) for n in (2, 2, 2, 1, 1)))
    trained = Trained(params, np.array([[3.0, 4.0], [1.0, 2.0], [0.9, 0.8]]))
    monkeypatch.setattr(bands, "_train", lambda *given: trained)
    task = TaskParams(inputs=1, targets=("x[1]",))
    source: dict[str, dict[str, list[object]]] = {}
    exec(bands.best_answer(task, 1, (1, 3, 0.0), (2, 3), 0), {}, source)
    one = 1.1235
    assert source["q2_weights"] == {"U": [[one]], "W": [[one]], "V": [[one]], "b": [one], "c": [one]}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234.5, 1230.0), (-0.00012345, -0.000123), (np.inf, None), (-np.inf, None), (np.nan, None)],
)
def test_a_number_is_reported_with_three_digits_where_it_is_one(value, shown):
    assert rounded(value, 3) == shown
