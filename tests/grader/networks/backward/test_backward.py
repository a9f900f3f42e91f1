"""Gradients of twenty networks from their backward equations, against differences of plain losses."""

from __future__ import annotations

import gc
import weakref
from typing import Any, NamedTuple

import numpy as np
import pytest

from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import GradientInstance, gradients, run
from grader.networks.backward.loss import read_loss
from grader.networks.backward.together import Passes, all_gradients
from grader.networks.equations.declaration import MistakeTable, NetworkTable, network_of
from grader.networks.equations.faults import EquationError, NetworkError
from grader.networks.equations.printing import written
from grader.networks.equations.tree import Function, MatrixProduct, Over, Parameter, Signal, walk
from grader.networks.library import library_names, library_network
from grader.networks.mutants.backward.catalogue import gradient_mutants
from grader.networks.mutants.backward.context import WrongPasses, context_of
from grader.networks.mutants.backward.evaluation import Evaluation

SIZES = {"n_in": 3, "n_h": 4, "n_out": 2, "n_1": 4, "n_2": 5, "m": 3, "n": 4, "k": 2}
T, N = 5, 2
# A step unit has the slope zero and a jump, which differences see.
WITHOUT_SLOPES = ("library/step-units",)


class Case(NamedTuple):
    """A loss as text, {y} being the output, and the same in numpy; the target is `goal`."""

    text: str
    plain: Any
    positive: bool = False
    once: bool = False


LOSSES = {
    "squared": Case("mean(sum(({y} - goal)**2))", lambda y, d: ((y - d) ** 2).sum(-1).mean()),
    "mean squared": Case("mean(({y}-goal)**2)", lambda y, d: np.mean((y - d) ** 2)),
    "affine": Case("mean(goal - 3 * {y})", lambda y, d: np.mean(d - 3 * y)),
    "inside": Case("mean((tanh({y}) - goal)**2)", lambda y, d: np.mean((np.tanh(y) - d) ** 2)),
    "dot": Case("-2 * sum(({y} - goal) @ ({y} - goal)) / 3", lambda y, d: -2 / 3 * ((y - d) ** 2).sum()),
    "entropy": Case("sum(cross_entropy(goal, {y}))", lambda y, d: -(d * np.log(y)).sum(), positive=True),
    "binary": Case(
        "mean(binary_cross_entropy({y}, goal))",
        lambda y, d: -(d * np.log(y) + (1 - d) * np.log(1 - y)).sum(-1).mean(),
        positive=True,
    ),
    "last": Case("0.5 * mean(({y}(T) - goal)**2)", lambda y, d: 0.5 * np.mean((y[-1] - d) ** 2), once=True),
    "two terms": Case("sum({y}(T)**2) - mean(goal * {y})", lambda y, d: (y[-1] ** 2).sum() - np.mean(d * y)),
}
POSITIVE = ("elman", "jordan", "stacked", "last-step", "pooled", "encoder-decoder")


def network_named(name):
    return network_of(library_network(name).network)


def cases():
    for name in library_names():
        network = network_named(name)
        is_once = network.by_name[network.output[0]].is_static
        for title, case in LOSSES.items():
            is_positive = name.removeprefix("library/") in POSITIVE
            if name in WITHOUT_SLOPES or (case.positive and not is_positive):
                continue
            if is_once and "(T)" in case.text:
                continue
            yield pytest.param(name, title, id=f"{name.removeprefix('library/')}-{title}")


def instance_of(network, once, rng):
    inputs = {name: rng.uniform(-1, 1, (T, N, size(shape))) for name, shape in network.inputs.items()}
    parameters = {
        name: rng.uniform(-0.9, 0.9, ((N,) if name in network.start_arguments else ()) + axes(shape))
        for name, shape in network.parameters.items()
    }
    y = run(network, inputs, parameters)[network.output[0]]
    goal = rng.uniform(0.1, 0.9, y[-1].shape if once else y.shape)
    return GradientInstance(
        inputs, {"goal": goal}, {name: np.asarray(one) for name, one in parameters.items()}
    )


def size(shape):
    return shape[0].at(SIZES) if shape else 1


def axes(shape):
    return tuple(one.at(SIZES) for one in shape)


def slope(loss_of, array, step):
    """Differences of a loss, entry by entry."""
    made = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        losses = []
        for change in (step, -step):
            moved = np.array(array)
            moved[index] += change
            losses.append(loss_of(moved))
        made[index] = (losses[0] - losses[1]) / (2 * step)
    return made


@pytest.mark.parametrize(("name", "title"), list(cases()))
def test_gradients_are_those_of_differences(name, title):
    network, case = network_named(name), LOSSES[title]
    y = network.output[0]
    one = instance_of(network, case.once, np.random.default_rng(3))
    loss = read_loss(network, case.text.replace("{y}", y))
    found = gradients(backward_pass(network, loss), one)
    assert set(found) == set(network.parameters)
    for key, array in one.parameters.items():

        def loss_of(moved, key=key):
            values = run(network, one.inputs, {**one.parameters, key: moved})
            return case.plain(values[y], one.targets["goal"])

        wanted = slope(loss_of, array, 1e-5)
        assert found[key].shape == array.shape
        assert np.abs(found[key] - wanted).max() <= 1e-7 * max(1e-2, np.abs(wanted).max()), key


@pytest.mark.parametrize("name", ["elman", "stacked", "rnn-a"])
def test_a_mean_over_entries_is_their_sum_over_how_many_there_are(name):
    network = network_named(f"library/{name}")
    one = instance_of(network, False, np.random.default_rng(3))
    y = network.output[0]
    inner, summed = (
        gradients(backward_pass(network, read_loss(network, f"mean({how}(({y} - goal)**2))")), one)
        for how in ("mean", "sum")
    )
    n_out = size(network.shapes[y])
    assert n_out > 1
    for key, array in summed.items():
        np.testing.assert_allclose(inner[key], array / n_out, rtol=1e-12, atol=1e-15)


def test_elman_gradients_are_those_of_plain_loops():
    rng = np.random.default_rng(5)
    network = network_named("library/elman-linear")
    one = instance_of(network, False, rng)
    found = gradients(backward_pass(network, read_loss(network, "sum((y - goal)**2)")), one)
    U, W, V, b, c = (one.parameters[name] for name in "UWVbc")
    x, goal = one.inputs["x"], one.targets["goal"]
    wanted = {name: np.zeros_like(one.parameters[name]) for name in "UWVbc"}
    for n in range(N):
        h = [np.zeros(len(b))]
        for t in range(T):
            h.append(np.tanh(x[t, n] @ U + h[-1] @ W + b))
        for k in range(T):
            e = 2 * (h[k + 1] @ V + c - goal[k, n])
            wanted["V"] += np.outer(h[k + 1], e)
            wanted["c"] += e
            path = V @ e
            for t in range(k, -1, -1):
                dz = path * (1 - h[t + 1] ** 2)
                wanted["U"] += np.outer(x[t, n], dz)
                wanted["W"] += np.outer(h[t], dz)
                wanted["b"] += dz
                path = W @ dz
    for name in "UWVbc":
        np.testing.assert_allclose(found[name], wanted[name], rtol=1e-12, atol=1e-13)


def test_the_backward_pass_of_an_elman_network_reads_as_in_a_textbook():
    network = network_named("library/elman-linear")
    one = backward_pass(network, read_loss(network, "sum((y - d)**2)"))
    lines = {equation.name: written(equation.right_side) for equation in one.network.equations}
    assert lines["d_h"] == "W dz_h(t+1) + V d_y(t)"
    assert lines["dz_h"] == "d_h(t) * (1 - h(t)^2)"
    assert lines["e_y"] == "2 * (y(t) - d(t))"


GATED = NetworkTable(
    inputs={"x": "n"},
    parameters={"W": "m x n", "a": "number", "M": "m x m", "B": "m x m"},
    equations=(
        "s(t) = max(a, -1) * tanh((a * W) @ x(t) - (M + 2 * B.T) @ s(t-1)) + x(t) @ x(t) / (2 + a)",
        "u(t) = softplus(s(t)) - sqrt(exp(s(t))) + abs(s(t)) / (1 + s(t)**3 * s(t)) + min(s(t), 0.1)",
        "v = log(2 + mean(u(t))**2) + first(u(t)) - last(u(t)) + u(2)",
        "y(t) = u(t) * v",
    ),
    start={"s": "s0"},
    sizes={"s": "m"},
)


def gated(rng, *leading):
    shapes = {"W": (2, 3), "a": (), "M": (2, 2), "B": (2, 2), "s0": (*leading, 2)}
    parameters = {name: np.asarray(rng.uniform(0.2, 0.9, shape)) for name, shape in shapes.items()}
    return GradientInstance({"x": rng.uniform(-1, 1, (T, N, 3))}, {}, parameters)


def test_every_function_and_matrix_expression_has_its_gradient():
    network, one = network_of(GATED), gated(np.random.default_rng(8), N)
    found = gradients(backward_pass(network, read_loss(network, "sum(y)")), one)
    for key, array in one.parameters.items():

        def loss_of(moved, key=key):
            return run(network, one.inputs, {**one.parameters, key: moved})["y"].sum()

        np.testing.assert_allclose(found[key], slope(loss_of, array, 1e-6), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("parts", "size"),
    [("a(t), x(t)", 4), ("x(t), a(t)", 4), ("a(t), a(t-1)", 2), ("a(t) * x(t), 2 * a(t)", 4)],
)
def test_numbers_in_a_stack_have_their_gradient(parts, size):
    network = network_of(
        NetworkTable(
            inputs={"x": "3"},
            parameters={"w": "3", "V": f"2 x {size}"},
            equations=("a(t) = tanh(w @ x(t))", f"y(t) = tanh(V @ stack({parts}))"),
        )
    )
    rng, shapes = np.random.default_rng(7), {"w": 3, "V": (2, size)}
    parameters = {name: rng.uniform(-0.9, 0.9, shape) for name, shape in shapes.items()}
    one = GradientInstance({"x": rng.uniform(-1, 1, (T, N, 3))}, {}, parameters)
    found = gradients(backward_pass(network, read_loss(network, "sum(y)")), one)
    for key, array in parameters.items():

        def loss_of(moved, key=key):
            return run(network, one.inputs, {**parameters, key: moved})["y"].sum()

        np.testing.assert_allclose(found[key], slope(loss_of, array, 1e-6), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("leading", [(), (N,)])
def test_passes_that_are_worked_out_together_have_the_gradients_of_one_alone(leading):
    network, one = network_of(GATED), gated(np.random.default_rng(10), *leading)
    back = backward_pass(network, read_loss(network, "sum(y)"))
    right = Passes(back.forward, back.network)
    for found in all_gradients(back, one, [right, right]):
        for key, wanted in gradients(back, one).items():
            assert found[key].shape == wanted.shape == one.parameters[key].shape
            np.testing.assert_allclose(found[key], wanted, rtol=1e-12)


def test_passes_whose_sizes_do_not_fit_have_no_gradients():
    """Of a matrix that is not square the transpose does not fit; what stands beside it is worked out."""
    network = network_named("library/elman-linear")
    one = instance_of(network, False, np.random.default_rng(2))
    back = backward_pass(network, read_loss(network, "sum((y - goal)**2)"))
    turned = MatrixProduct(Parameter("U"), Signal("x"))
    wrong = back.forward.with_equation("h", Function("tanh", (turned,)))
    right = Passes(back.forward, back.network)
    found = all_gradients(back, one, [Passes(wrong, back.network), right])
    assert found[0] is None
    assert found[1] is not None


@pytest.mark.parametrize("name", sorted({*library_names(), "gated"} - {*WITHOUT_SLOPES}))
def test_what_is_over_all_steps_stands_in_equations_without_a_step(name):
    """Where many passes are worked out together, an equation of a step sees the values of that step."""
    network = network_of(GATED) if name == "gated" else network_named(name)
    y = network.output[0]
    back = backward_pass(network, read_loss(network, f"mean(({y} - goal)**2)"))
    for equation in (*back.network.equations, *back.forward.equations):
        assert equation.is_static or not any(isinstance(node, Over) for _, node in walk(equation.right_side))


def test_a_start_value_that_sequences_share_has_the_sum_of_their_gradients():
    network, one = network_of(GATED), gated(np.random.default_rng(9))
    back = backward_pass(network, read_loss(network, "sum(y)"))
    start = np.tile(one.parameters["s0"], (N, 1))
    each = gradients(back, one._replace(parameters={**one.parameters, "s0": start}))["s0"]
    assert each.shape == (N, 2)
    np.testing.assert_allclose(gradients(back, one)["s0"], each.sum(axis=0), rtol=1e-12)


@pytest.mark.parametrize(("length", "is_read"), [(500, True), (501, False)])
def test_a_loss_of_500_characters_is_read(length, is_read):
    network = network_named("library/elman-linear")
    text = f"sum(y){' ' * (length - 6)}"
    if is_read:
        assert read_loss(network, text).terms
    else:
        with pytest.raises(EquationError, match="at most 500"):
            read_loss(network, text)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("(y - d)**2", 0, "write mean(...) or sum(...)"),
        ("mean(y) + y", 10, "write mean(...) or sum(...)"),
        ("mean(y", 0, "does not read as a loss"),
        ("mean(W - d)", 5, "matrix"),
        ("(1/0) * mean(y - d)", 0, "a loss is one number"),
        ("(y/2) * mean(y - d)", 0, "a loss is one number"),
        ("mean(d)", 0, "nothing of the network"),
        ("mean(y-d)+mean(y(T)-d)", 20, "a target of each step and of the final one"),
        ("mean(foo(y))", 5, "foo is no function"),
        ("mean(y + h)", 5, "cannot be added"),
        ("mean(y(t-40) - d)", 7, "the step of y"),
        ("mean(sum(y, d))", 5, "sum takes one value"),
        ("mean(cross_entropy(y))", 5, "a target and a value"),
        ("sum(__import__('os'))", 4, "no function"),
        ("mean((y - d)**0.5)", 14, "exponent"),
    ],
)
def test_a_text_that_is_no_loss_is_refused_at_its_place(text, column, words):
    with pytest.raises(EquationError) as caught:
        read_loss(network_named("library/elman-linear"), text)
    assert words in str(caught.value)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("changes", "loss", "words"),
    [
        ({}, "mean(sum(b * y))", "a parameter cannot stand in it"),
        ({"equations": ("d_h(t) = tanh(U @ x(t))", "h(t) = d_h(t) * 2")}, "sum(h)", "take another name"),
        (
            {"equations": ("h(t) = tanh(U @ x(t) + h(t-2))",), "start": {"h": "b"}},
            "sum(h)",
            "2 steps away",
        ),
        (
            {"equations": ("M = 2 * U", "y(t) = tanh(M @ x(t) + b)")},
            "sum(y)",
            "M is a matrix that is computed",
        ),
    ],
)
def test_what_has_no_gradient_here_is_refused_with_its_reason(changes, loss, words):
    table = {
        "inputs": {"x": "n_in"},
        "parameters": {"U": "n_h x n_in", "b": "n_h"},
        "equations": ("y(t) = tanh(U @ x(t) + b)",),
        **changes,
    }
    network = network_of(NetworkTable(**table))
    with pytest.raises(NetworkError, match=words):
        backward_pass(network, read_loss(network, loss))


def test_what_errors_were_split_by_step_for_is_let_go_of_at_once():
    """Of thirty steps it is some MB, for each step of a training."""
    network = network_named("library/elman")
    context = context_of(backward_pass(network, read_loss(network, "sum((y - goal)**2)")))
    evaluation = Evaluation(context, instance_of(network, False, np.random.default_rng(4)))
    evaluation.gradients(WrongPasses(context.forward, context.backward, 2))
    kept = weakref.ref(evaluation)
    gc.disable()
    try:
        del evaluation
        assert kept() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ["elman", "last-step", "pooled", "stacked", "bidirectional", "ssm", "narx"])
def test_errors_that_go_back_all_steps_are_right_and_none_are_those_of_a_step_alone(name):
    network = network_named(f"library/{name}")
    one = instance_of(network, False, np.random.default_rng(4))
    context = context_of(backward_pass(network, read_loss(network, f"sum(({network.output[0]} - goal)**2)")))
    evaluation = Evaluation(context, one)

    def differences(a, b):
        return max(np.abs(a[key] - b[key]).max() for key in a)

    stopping = {
        reach: evaluation.gradients(WrongPasses(context.forward, context.backward, reach))
        for reach in (1, 2, T - 1, T)
    }
    for reach, made in stopping.items():
        assert differences(evaluation.cut_off(reach), made) < 1e-12
    right = evaluation.right
    assert differences(stopping[T], right) < 1e-12
    shares = [differences(stopping[reach], right) for reach in (1, 2, T - 1)]
    assert min(shares) > 1e-6
    for mutant in gradient_mutants(context):
        if mutant.id == "d_h-nothing-later":
            assert differences(evaluation.gradients(mutant.effect), stopping[1]) < 1e-12


def test_an_authors_own_mistake_has_its_id_with_the_gradients_of_that_network():
    given = {"inputs": {"x": "n"}, "parameters": {"U": "m x n", "W": "m x m"}}
    table = NetworkTable(
        **given,
        equations=("h(t) = tanh(U @ x(t) + W @ h(t-1))",),
        mistake=(
            MistakeTable(id="relu-here", equations=("h(t) = relu(U @ x(t) + W @ h(t-1))",), message="M."),
        ),
    )
    other = NetworkTable(**given, equations=("h(t) = relu(U @ x(t) + W @ h(t-1))",))
    rng = np.random.default_rng(6)
    parameters = {"U": rng.uniform(-1, 1, (2, 3)), "W": rng.uniform(-1, 1, (2, 2))}
    one = GradientInstance(
        {"x": rng.uniform(-1, 1, (T, N, 3))}, {"y": rng.uniform(-1, 1, (T, N, 2))}, parameters
    )
    passes = [
        backward_pass(network_of(given_table), read_loss(network_of(given_table), "mean((h - y)**2)"))
        for given_table in (table, other)
    ]
    context = context_of(passes[0])
    (mutant,) = (mutant for mutant in gradient_mutants(context) if mutant.id == "relu-here")
    made, wanted = Evaluation(context, one).gradients(mutant.effect), gradients(passes[1], one)
    assert mutant.message == "M."
    for name in wanted:
        np.testing.assert_allclose(made[name], wanted[name], rtol=1e-12)
