"""Gradients against complex step, central differences and, where it is installed, PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from reference.bptt import Parameters, bptt, cost, forward
from reference.network import bind_sizes

SIZES = ((3, 7, 4, 6, 5), (2, 5, 3, 7, 4), (1, 1, 1, 1, 1), (8, 100, 3, 5, 2))


def instance(sizes, seed=0):
    n_seqs, T, n_in, n_h, n_out = sizes
    rng = np.random.default_rng(seed)
    shapes = ((n_in, n_h), (n_h, n_h), (n_h, n_out), (n_h,), (n_out,))
    params = Parameters(*(rng.uniform(-0.7, 0.7, shape) for shape in shapes))
    return rng.uniform(-1, 1, (n_seqs, T, n_in)), rng.uniform(-1, 1, (n_seqs, T, n_out)), params


def plain_cost(x, wanted, params):
    """One number at a time over the formulas; takes complex weights."""
    U, W, V, b, c = params
    total = 0
    for sequence, targets in zip(x, wanted, strict=True):
        h = np.zeros(len(b))
        for x_t, d_t in zip(sequence, targets, strict=True):
            h = np.tanh(x_t @ U + h @ W + b)
            total = total + np.sum((h @ V + c - d_t) ** 2)
    return total / (x.shape[0] * x.shape[1])


def derivatives(x, wanted, params, derivative):
    made = []
    for k, array in enumerate(params):
        gradient = np.zeros_like(array)
        for index in np.ndindex(array.shape):

            def moved(step, k=k, index=index):
                arrays = [a.astype(complex) for a in params]
                arrays[k][index] += step
                return plain_cost(x, wanted, arrays)

            gradient[index] = derivative(moved)
        made.append(gradient)
    return Parameters(*made)


def largest_error(got, right):
    return max(np.abs(a - b).max() / np.abs(b).max() for a, b in zip(got, right, strict=True))


@pytest.mark.parametrize("sizes", SIZES[:3])
def test_gradients_agree_with_complex_step(sizes):
    x, wanted, params = instance(sizes)
    by_complex_step = derivatives(x, wanted, params, lambda cost_at: cost_at(1e-30j).imag / 1e-30)
    got = bptt(x, wanted, params)
    for name, a, b in zip(Parameters._fields, got, by_complex_step, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-14 * max(1, np.abs(b).max()), err_msg=name)


def test_gradients_agree_with_central_differences():
    x, wanted, params = instance(SIZES[0])
    differences = derivatives(
        x, wanted, params, lambda cost_at: (cost_at(1e-5).real - cost_at(-1e-5).real) / 2e-5
    )
    assert largest_error(bptt(x, wanted, params), differences) < 1e-8


def test_cost_and_forward_agree_with_plain_loops():
    x, wanted, params = instance(SIZES[1])
    assert cost(forward(x, params).y, wanted) == pytest.approx(plain_cost(x, wanted, params), rel=1e-14)


def test_gradients_agree_with_pytorch():
    torch = pytest.importorskip(
        "torch", reason="PyTorch is not installed: gradients were not compared with it"
    )
    x, wanted, params = instance(SIZES[3])
    U, W, V, b, c = tensors = [torch.tensor(a, requires_grad=True) for a in params]
    h, total = torch.zeros(8, 5, dtype=torch.float64), 0
    for t in range(100):
        h = torch.tanh(torch.tensor(x[:, t]) @ U + h @ W + b)
        total = total + ((h @ V + c - torch.tensor(wanted[:, t])) ** 2).sum()
    (total / 800).backward()
    assert largest_error(bptt(x, wanted, params), [t.grad.numpy() for t in tensors]) < 1e-13


def test_sizes_that_do_not_fit_are_named():
    x, wanted, params = instance(SIZES[0])
    with pytest.raises(ValueError, match="n_h"):
        bptt(x, wanted, params._replace(W=np.zeros((5, 5))))
    assert bind_sizes({"x": x}, {"x": ("n_seqs", "T", "n_in")})["T"] == 7
