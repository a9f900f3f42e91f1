"""What stands before, around and behind the means and sums of a loss, by the gradient of y = a x at a."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import GradientInstance, gradients
from grader.networks.backward.loss import LossTarget, read_loss
from grader.networks.equations.faults import EquationError
from grader.networks.equations.network import network
from grader.networks.equations.sizes import read_shape

SCALED = network({"inputs": {"x": "number"}, "parameters": {"a": "number"}, "equations": ["y(t) = a * x(t)"]})
X = np.array([[[1.0], [2.0]], [[4.0], [8.0]], [[16.0], [32.0]]])  # three steps of two sequences


def slope_at(text):
    one = GradientInstance({"x": X}, {}, {"a": np.array(0.5)})
    return float(gradients(backward_pass(SCALED, read_loss(SCALED, text)), one)["a"])


@pytest.mark.parametrize(
    ("text", "of_sum", "of_mean"),
    [
        ("sum(y)", 1, 0),
        ("mean(y)", 0, 1),
        ("3*sum(y)", 3, 0),
        ("sum(y)*3", 3, 0),
        ("-sum(y)", -1, 0),
        ("sum(-y)", -1, 0),
        ("sum(y)/4", Fraction(1, 4), 0),
        ("1/2*sum(y)", Fraction(1, 2), 0),
        ("sum(y)*(-1/2)", Fraction(-1, 2), 0),
        ("0.25*-sum(y)", Fraction(-1, 4), 0),
        ("sum(y)/(2/3)", Fraction(3, 2), 0),
        ("2*(3*sum(y))", 6, 0),
        ("sum(y) + mean(y)", 1, 1),
        ("sum(y) - mean(y)", 1, -1),
        ("-(sum(y) - 2*mean(y))", -1, 2),
        ("(sum(y) - mean(y)/5)*10", 10, -2),
        ("0*sum(y) + mean(y)", 0, 1),
    ],
)
def test_the_numbers_of_a_loss_weigh_its_means_and_sums(text, of_sum, of_mean):
    total = X.sum()
    assert slope_at(text) == pytest.approx(float(of_sum * total + of_mean * total / 6), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("sum(y(T))", 16 + 32),
        ("mean(y(T))", (16 + 32) / 2),
        ("sum(y(1))", 1 + 2),
        ("sum(y(2)*y(1))", 2 * 0.5 * (4 * 1 + 8 * 2)),
        ("sum(y(t))", 63),
        ("sum(y*y(t-1))", 2 * 0.5 * (4 * 1 + 8 * 2 + 16 * 4 + 32 * 8)),
        ("sum(sum(y))", 63),
        ("sum(mean(y))", 63),
    ],
)
def test_a_value_of_one_step_counts_once_a_sequence_and_one_of_each_step_at_each(text, slope):
    assert slope_at(text) == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "sum(y)/0",
        "True*sum(y)",
        "sum(y)/True",
        "sum(y)*y",
        "sum(y)*sum(y)",
        "2",
        "sum(y, y)",
        "sum(y) ** 2",
        "'2'*sum(y)",
    ],
)
def test_what_is_no_number_times_means_and_sums_is_no_loss(text):
    with pytest.raises(EquationError, match="a loss is one number"):
        read_loss(SCALED, text)


@pytest.mark.parametrize(("more", "is_read"), [("", True), (", 1", False)])
def test_a_loss_of_400_parts_is_read(more, is_read):
    """Two calls with their names are six nodes to Python, each y is two, a number one."""
    text = f"sum(max({', '.join(['y'] * 197)}{more}))".replace(", ", ",")
    if is_read:
        assert read_loss(SCALED, text).terms
    else:
        with pytest.raises(EquationError, match="too long"):
            read_loss(SCALED, text)


TWO = network(
    {
        "inputs": {"x": "m"},
        "parameters": {"W": "n x m", "v": "n"},
        "equations": ["h(t) = W @ x(t)", "s(t) = v @ h(t)"],
    }
)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("mean((h - d)**2)", {"d": ("n", True)}),
        ("mean((h(T) - d)**2)", {"d": ("n", False)}),
        ("mean((s - d)**2)", {"d": ("number", True)}),
        ("mean(sum((d - h)**2))", {"d": ("n", True)}),
        ("mean((h - d)**2) + sum((s - e)**2)", {"d": ("n", True), "e": ("number", True)}),
        ("mean((h - d)**2) + sum(d * h)", {"d": ("n", True)}),
        ("mean((h - d)**2) + sum(s * sum(d))", {"d": ("n", True)}),
        ("sum(s * e - d * s(t-1))", {"e": ("number", True), "d": ("number", True)}),
        ("sum(h ** 2)", {}),
    ],
)
def test_a_target_has_the_shape_of_what_it_is_held_against(text, targets):
    found = read_loss(TWO, text).targets
    assert found == {name: LossTarget(read_shape(shape), each) for name, (shape, each) in targets.items()}
    assert list(found) == list(targets)


@pytest.mark.parametrize(
    "text", ["sum(sum(h) * sum((y - d)**2))", "sum(sum(h) * mean((y - d)**2))", "sum(mean(h) * (y - d)**2)"]
)
def test_a_target_has_a_shape_of_its_own_beside_other_values_over_whose_entries_is_summed(text):
    declared = {"inputs": {"x": "m"}, "parameters": {"W": "n x m", "V": "k x n"}}
    two = network({**declared, "equations": ["h(t) = W @ x(t)", "y(t) = V @ h(t)"]})
    assert read_loss(two, text).targets == {"d": LossTarget(two.shapes["y"], True)}


@pytest.mark.parametrize(
    ("over", "slope"),
    [
        ("sum(y(t) * y(t))", 2 * 0.5 * (X**2).sum()),
        ("mean(y(t) * y(t))", 2 * 0.5 * (X**2).sum() / 3),
        ("first(y(t) * y(t))", 2 * 0.5 * (1 + 4)),
        ("last(y(t) * y(t))", 2 * 0.5 * (256 + 1024)),
        ("sum(mean(y(t)) * y(t))", None),
    ],
)
def test_what_is_over_all_steps_sends_its_gradient_to_each(over, slope):
    declared = {"inputs": {"x": "number"}, "parameters": {"a": "number"}}
    equations = ["y(t) = a * x(t)", f"s = {over}"]
    if slope is None:
        with pytest.raises(EquationError, match="no steps to go over"):
            network({**declared, "equations": equations})
        return
    net = network({**declared, "equations": equations, "output": ["s"]})
    one = GradientInstance({"x": X}, {}, {"a": np.array(0.5)})
    found = gradients(backward_pass(net, read_loss(net, "sum(s)")), one)
    assert float(found["a"]) == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "share"),
    [("sum(mean(h))", 1 / 3), ("sum(sum(h))", 1), ("mean(mean(h))", 1 / 18), ("mean(h)", 1 / 18)],
)
def test_a_mean_over_entries_is_by_how_many_there_are(text, share):
    """h = W x with three entries, of three steps of two sequences."""
    one = GradientInstance({"x": X}, {}, {"W": np.ones((3, 1)), "v": np.ones(3)})
    found = gradients(backward_pass(TWO, read_loss(TWO, text)), one)["W"]
    assert found == pytest.approx(np.full((3, 1), X.sum() * share), rel=1e-12)
