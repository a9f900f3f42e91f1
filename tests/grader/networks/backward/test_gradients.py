"""The gradients at many instances in one run against those of each, which differences of losses hold."""

from __future__ import annotations

import numpy as np
import pytest

from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import (
    GradientInstance,
    gradients,
    gradients_of_each,
    gradients_with_slips,
)
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import NetworkTable, network_of
from tests.grader.networks.backward.test_backward import (
    GATED,
    LOSSES,
    N,
    cases,
    gated,
    instance_of,
    network_named,
)


def compare(network, loss, instances):
    back = backward_pass(network, read_loss(network, loss))
    together = gradients_of_each(back, instances)
    for k, one in enumerate(instances):
        for name, alone in gradients(back, one).items():
            assert together[name][k].shape == alone.shape, name
            np.testing.assert_allclose(together[name][k], alone, rtol=1e-11, atol=1e-13, err_msg=name)


@pytest.mark.parametrize(("name", "title"), list(cases()))
def test_each_of_many_instances_has_its_own_gradients(name, title):
    network, case, rng = network_named(name), LOSSES[title], np.random.default_rng(4)
    instances = [instance_of(network, case.once, rng) for _ in range(3)]
    compare(network, case.text.replace("{y}", network.output[0]), instances)


@pytest.mark.parametrize("leading", [(N,), ()], ids=["a start each", "a shared start"])
@pytest.mark.parametrize("loss", ["sum(y)", "mean(y(T) - goal)", "sum(v**2) + sum(y(2) @ y(T)) / 3"])
def test_so_it_is_with_every_function_and_numbers_among_the_parameters(leading, loss):
    rng = np.random.default_rng(5)
    instances = [gated(rng, *leading) for _ in range(2)]
    if "goal" in loss:
        instances = [one._replace(targets={"goal": rng.uniform(0, 1, (N, 2))}) for one in instances]
    compare(network_of(GATED), loss, instances)


def test_a_slip_is_carried_on_rightly_there_and_back():
    # Of h(t) = x(t) w with the loss sum(h**2) / 2: e_h(t) = h(t), and dw = sum of x(t) d_h(t).
    network = network_of(
        NetworkTable(inputs={"x": "number"}, parameters={"w": "number"}, equations=("h(t) = w * x(t)",))
    )
    back = backward_pass(network, read_loss(network, "sum(h**2) / 2"))
    x, w = np.array([2.0, -3.0, 5.0]), 0.5
    one = GradientInstance({"x": x[:, None, None]}, {}, {"w": np.array(w)})
    on_the_way_there, on_the_way_back = np.zeros((3, 3)), np.zeros((3, 3))
    on_the_way_there[1, 0] = 0.25
    on_the_way_back[2, 1] = -0.5
    found = gradients_with_slips(back, one, {"h": on_the_way_there, "d_h": on_the_way_back})["w"]
    right = w * (x**2).sum()
    assert found.tolist() == [right + x[1] * 0.25, right + x[2] * -0.5, right]


@pytest.mark.parametrize("other", ["slip_h", "h_slip", "slip"])
def test_no_slip_has_the_name_of_something_in_the_network(other):
    """With none added, the gradients are the right ones."""
    network = network_of(
        NetworkTable(
            inputs={other: "number"}, parameters={"w": "number"}, equations=(f"h(t) = w * {other}(t)",)
        )
    )
    back = backward_pass(network, read_loss(network, "sum(h)"))
    one = GradientInstance({other: np.array([2.0, 3.0])[:, None, None]}, {}, {"w": np.array(0.5)})
    assert gradients_with_slips(back, one, {"h": np.zeros((2, 3))})["w"].tolist() == [5, 5, 5]
