"""The fused trainer against the plain one, Adam against its closed form, and, where installed, PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from reference.adam import AdamState, Rates, adam_step
from reference.bptt import Parameters, bptt, cost, forward
from reference.sequence_data import clean_targets, draw
from reference.trainer import FusedRun, glorot, train

N_EPOCHS = 60


def plain_training(x, y, params, n_epochs):
    states = [AdamState(a, np.zeros_like(a), np.zeros_like(a)) for a in params]
    losses = []
    for t in range(1, n_epochs + 1):
        params = Parameters(*(state.theta for state in states))
        losses.append(cost(forward(x, params).y, y))
        grads = bptt(x, y, params)
        states = [adam_step(s, g, t, Rates()) for s, g in zip(states, grads, strict=True)]
    return Parameters(*(state.theta for state in states)), np.array(losses)


@pytest.fixture(scope="module")
def data():
    return draw(8, 100, np.random.default_rng(3))


def test_fused_training_is_the_plain_training(data):
    start = glorot(np.random.default_rng(4), 3, 5, 2)
    params, losses = plain_training(*data, start, N_EPOCHS)
    fused = train(*data, start, N_EPOCHS)
    np.testing.assert_allclose(fused.losses, losses, rtol=1e-12)
    for got, right in zip(fused.params, params, strict=True):
        np.testing.assert_allclose(got, right, atol=1e-12)


def test_many_runs_are_each_the_single_run(data):
    starts = glorot(np.random.default_rng(5), 3, 5, 2, runs=3)
    together = train(*data, starts, N_EPOCHS)
    for i in range(3):
        alone = train(*data, Parameters(*(array[i] for array in starts)), N_EPOCHS)
        np.testing.assert_allclose(together.losses[:, i], alone.losses, rtol=1e-12)
        np.testing.assert_allclose(together.params.W[i], alone.params.W, atol=1e-12)


def test_training_leaves_its_start_as_it_is(data):
    start = glorot(np.random.default_rng(6), 3, 5, 2)
    before = [array.copy() for array in start]
    train(*data, start, 3)
    assert all(np.array_equal(a, b) for a, b in zip(start, before, strict=True))


def test_sizes_need_not_be_those_of_the_exercise():
    rng = np.random.default_rng(7)
    x, y, start = rng.random((3, 9, 4)), rng.random((3, 9, 1)), glorot(rng, 4, 6, 1)
    np.testing.assert_allclose(train(x, y, start, 20).losses, plain_training(x, y, start, 20)[1], rtol=1e-12)


def test_adam_moves_by_lr_for_a_constant_gradient():
    # m_hat = g and v_hat = g^2 at every step, whatever t.
    state = AdamState(np.array([1.0]), np.zeros(1), np.zeros(1))
    for t in range(1, 50):
        state = adam_step(state, np.array([3.0]), t, Rates(eps=0.0))
    assert state.theta[0] == pytest.approx(1 - 49 * 0.01, rel=1e-12)


def test_targets_by_hand():
    x = np.arange(1.0, 16.0).reshape(1, 5, 3)
    y = clean_targets(x)
    assert y[0, 1, 0] == pytest.approx(5 * 4 - 0.2 * 3)
    assert y[0, 3, 1] == 25 * 8 * 3
    assert y[0, 4, 1] == 25 * 11 * 6
    assert not y[0, :3, 1].any()


def test_training_agrees_with_pytorch(data):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: training was not compared with it")
    start = glorot(np.random.default_rng(8), 3, 5, 2)
    tensors = [torch.tensor(a.copy(), requires_grad=True) for a in start]
    U, W, V, b, c = tensors
    optimizer = torch.optim.Adam(tensors, lr=0.01)
    x, y = (torch.tensor(a) for a in data)
    losses = []
    for _ in range(N_EPOCHS):
        h, outputs = torch.zeros(8, 5, dtype=torch.float64), []
        for t in range(100):
            h = torch.tanh(x[:, t] @ U + h @ W + b)
            outputs.append(h @ V + c)
        loss = ((torch.stack(outputs, 1) - y) ** 2).sum(2).mean()
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    np.testing.assert_allclose(train(*data, start, N_EPOCHS).losses, losses, rtol=1e-10)


def test_parameters_are_views_of_one_flat_array(data):
    for runs in (None, 3):
        run = FusedRun(*data, glorot(np.random.default_rng(9), 3, 5, 2, runs), np.float64)
        for view, flat in (
            (run.A, run.theta),
            (run.C, run.theta),
            (run.dA, run.gradient),
            (run.dC, run.gradient),
        ):
            assert np.shares_memory(view, flat)
