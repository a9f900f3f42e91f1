"""Each known mistake of a gradient and of Adam, worked out once more from its sentence in plain loops.

A gradient is a sum over pairs of steps: the error of step k reaches the sums of step t along one path. A
mistake leaves pairs out, changes a factor on the path, or takes another value where the path ends.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.kinds.trajectory.diagnose import RIGHT, gradient_mistakes
from grader.training.adam import RIGHT_FORMS, ArrayStep
from grader.training.adam_mistakes import ADAM_MISTAKES
from reference.adam import AdamState, Rates
from reference.bptt import Parameters

N, T, N_IN, H, N_OUT = 2, 6, 2, 3, 2


def network(seed=0):
    rng = np.random.default_rng(seed)
    shapes = ((N_IN, H), (H, H), (H, N_OUT), (H,), (N_OUT,))
    return (
        rng.normal(size=(N, T, N_IN)),
        rng.normal(size=(N, T, N_OUT)),
        Parameters(*(rng.normal(size=s) for s in shapes)),
    )


def sigmoid(u):
    return 1 / (1 + math.exp(-u))


def plain(
    x, wanted, params, *, W_forward=None, W_back=None, b=None, output=None, first=1, error=None, slope=None,
    reach=10**6, chunk=10**6, carries_dh=False, sent=None, h_of_W=None, x_of_U=None, h_of_V=None,
    keep_hidden=None, keep_output=None,
):  # fmt: skip
    """Gradients by the double sum over pairs of steps; what is not named is right."""
    W_f = params.W if W_forward is None else W_forward
    W_b = params.W if W_back is None else W_back
    bias = params.b if b is None else b
    output = output or (lambda y: y)
    error = error or (lambda y, d, n, t, o: 2 * (y - d) / (N * T))
    slope = slope or (lambda z, h, before: 1 - h * h)
    grads = Parameters(*(np.zeros_like(array) for array in params))
    zs, hs, ys = np.zeros((N, T + 1, H)), np.zeros((N, T + 1, H)), np.zeros((N, T, N_OUT))
    for n in range(N):
        for t in range(1, T + 1):
            if t >= first:
                for j in range(H):
                    zs[n, t, j] = sum(x[n, t - 1, i] * params.U[i, j] for i in range(N_IN)) + bias[j]
                    zs[n, t, j] += sum(hs[n, t - 1, i] * W_f[i, j] for i in range(H))
                    hs[n, t, j] = math.tanh(zs[n, t, j])
            for o in range(N_OUT):
                ys[n, t - 1, o] = output(sum(hs[n, t, j] * params.V[j, o] for j in range(H)) + params.c[o])
    e = np.array(
        [
            [[error(ys[n, t, o], wanted[n, t, o], n, t, o) for o in range(N_OUT)] for t in range(T)]
            for n in range(N)
        ]
    )
    s = np.array(
        [
            [[slope(zs[n, t + 1, j], hs[n, t + 1, j], hs[n, t, j]) for j in range(H)] for t in range(T)]
            for n in range(N)
        ]
    )
    for n in range(N):
        for k in range(T):
            if sent is not None and not sent(k):
                continue
            path = params.V @ e[n, k]
            for t in range(k, -1, -1):
                if t < k:
                    if k - t >= reach or t // chunk != k // chunk:
                        break
                    path = W_b @ (path if carries_dh else path * s[n, t + 1])
                if keep_hidden is not None and not keep_hidden(t):
                    continue
                dz = path * s[n, t]
                before = (h_of_W or (lambda h, t: h[t]))(hs[n], t)
                now = (x_of_U or (lambda x, t: x[t]))(x[n], t)
                grads.U[:] += np.outer(now, dz)
                grads.W[:] += np.outer(before, dz)
                grads.b[:] += dz
        for k in range(T):
            if keep_output is None or keep_output(k):
                grads.V[:] += np.outer((h_of_V or (lambda h, z, t: h[t + 1]))(hs[n], zs[n], k), e[n, k])
                grads.c[:] += e[n, k]
    return grads


def right_error(y, d):
    return 2 * (y - d) / (N * T)


def is_last(t):
    return t == T - 1


def is_first(t):
    return t == 0


def is_later(t):
    return t > 0


def shifted(array, t):
    return array[t] if t >= 0 else np.zeros(array.shape[1])


FLAGS = {
    "loss-at-last-step": {"error": lambda y, d, n, t, o: right_error(y, d) * is_last(t)},
    "sigmoid-slope-at-output": {"error": lambda y, d, n, t, o: right_error(y, d) * y * (1 - y)},
    "tanh-slope-at-output": {"error": lambda y, d, n, t, o: right_error(y, d) * (1 - y * y)},
    "absolute-error": {"error": lambda y, d, n, t, o: (1 if y > d else -1) / (N * T)},
    "sigmoid-output": {"output": sigmoid, "error": lambda y, d, n, t, o: right_error(y, d) * y * (1 - y)},
    "sigmoid-output-forward-only": {"output": sigmoid},
    "target-forgotten": {"error": lambda y, d, n, t, o: right_error(y, 0)},
    "slope-of-z": {"slope": lambda z, h, before: 1 - z * z},
    "slope-of-tanh-h": {"slope": lambda z, h, before: 1 - math.tanh(h) ** 2},
    "slope-not-squared": {"slope": lambda z, h, before: 1 - h},
    "no-slope": {"slope": lambda z, h, before: 1},
    "sigmoid-slope-hidden": {"slope": lambda z, h, before: h * (1 - h)},
    "slope-of-last-step": {"slope": lambda z, h, before: 1 - before * before},
    "carries-dh": {"carries_dh": True},
    "last-output-path": {"sent": is_last},
    "dW-with-h-now": {"h_of_W": lambda h, t: h[t + 1]},
    "dW-with-h-two-back": {"h_of_W": lambda h, t: shifted(h, t - 1)},
    "dU-with-x-before": {"x_of_U": lambda x, t: shifted(x, t - 1)},
    "dV-with-h-before": {"h_of_V": lambda h, z, t: h[t]},
    "dV-with-z": {"h_of_V": lambda h, z, t: z[t + 1]},
    "overwritten-hidden": {"keep_hidden": is_first},
    "overwritten-all": {"keep_hidden": is_first, "keep_output": is_first},
    "overwritten-forwards": {"keep_hidden": is_last},
    "first-step-skipped": {"keep_hidden": is_later, "keep_output": is_later},
    "first-step-skipped-hidden": {"keep_hidden": is_later},
    "starts-at-second-step": {"first": 2, "keep_hidden": is_later, "keep_output": is_later},
    "starts-at-second-step-hidden": {"first": 2, "keep_hidden": is_later},
    "first-sequence-only": {"error": lambda y, d, n, t, o: right_error(y, d) * (n == 0)},
    "first-output-only": {"error": lambda y, d, n, t, o: right_error(y, d) * (o == 0)},
    "h0-is-h1": {"h_of_W": lambda h, t: h[max(t, 1)]},
    **{f"truncated-{reach}": {"reach": reach} for reach in (*range(1, 11), 15, 16, 20, 25, 30, 32, 40, 50)},
    **{f"chunks-{chunk}": {"chunk": chunk} for chunk in (2, 3, 4, 5, 6, 7, 8, 10, 15, 16, 20, 25)},
}


def by_hand(name, x, d, params):
    """The gradients of a mistake that its table does not say by itself."""
    right = plain(x, d, params)
    turned = params.W.T
    match name:
        case "recurrent-weights-not-transposed-back":
            return plain(x, d, params, W_back=turned)
        case "recurrent-weights-transposed-forward":
            # The network is another one, W transposed, and its gradient is told for W as it stands.
            other = plain(x, d, params._replace(W=turned))
            return other._replace(W=other.W.T)
        case "recurrent-weights-transposed-forward-only":
            return plain(x, d, params, W_forward=turned)
        case "no-hidden-bias-forward":
            return plain(x, d, params, b=np.zeros(H))
        case "dW-transposed":
            return right._replace(W=right.W.T)
        case "dV-at-last-step":
            return right._replace(V=plain(x, d, params, keep_output=is_last).V)
        case "db-from-output":
            return right._replace(b=sum(params.V @ one for one in errors(x, d, params)))
        case "db-zero":
            return right._replace(b=np.zeros(H))
        case "dc-zero":
            return right._replace(c=np.zeros(N_OUT))
        case "time-reversed":
            e = errors(x, d, params).reshape(N, T, N_OUT)
            return plain(x, d, params, error=lambda y, d, n, t, o: e[n, T - 1 - t, o])
    return plain(x, d, params, **FLAGS[name])


def errors(x, d, params):
    """2 (y - d) / (N T) of all steps, one row each."""
    rows = []
    for n in range(N):
        h = np.zeros(H)
        for t in range(T):
            h = np.tanh(params.U.T @ x[n, t] + params.W.T @ h + params.b)
            rows.append(2 * (params.V.T @ h + params.c - d[n, t]) / (N * T))
    return np.array(rows)


@pytest.mark.parametrize("mistake", gradient_mistakes(), ids=lambda mistake: mistake.id)
def test_a_mistake_in_a_gradient_is_what_its_sentence_says(mistake):
    x, d, params = network()
    found = mistake.effect.gradients(x, d, params)
    wanted = by_hand(mistake.id, x, d, params)
    for name in Parameters._fields:
        assert np.allclose(getattr(found, name), getattr(wanted, name), rtol=1e-9, atol=1e-12), name


def test_the_right_gradients_are_those_of_finite_differences():
    x, d, params = network(1)
    found = RIGHT.gradients(x, d, params)

    def cost(p):
        return float((errors(x, d, p) ** 2).sum()) * (N * T) / 4

    for name in Parameters._fields:
        array = getattr(params, name)
        for place in np.ndindex(array.shape):
            up, down = array.copy(), array.copy()
            up[place] += 1e-6
            down[place] -= 1e-6
            slope = (cost(params._replace(**{name: up})) - cost(params._replace(**{name: down}))) / 2e-6
            assert getattr(found, name)[place] == pytest.approx(slope, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize(
    ("name", "output", "first"),
    [("no-slope", None, 1), ("sigmoid-output", sigmoid, 1), ("starts-at-second-step", None, 2)],
)
def test_outputs_are_those_of_the_mistaken_network(name, output, first):
    x, _, params = network()
    (way,) = (one.effect for one in gradient_mistakes() if one.id == name)
    found = way.outputs(x, params)
    for n in range(N):
        h = np.zeros(H)
        for t in range(T):
            h = np.tanh(params.U.T @ x[n, t] + params.W.T @ h + params.b) if t + 1 >= first else h
            y = params.V.T @ h + params.c
            assert found[n, t] == pytest.approx([output(v) for v in y] if output else y)


# Adam.


def adam(
    p, m, v, g, t, r, *, m_new=None, v_new=None, m_div=None, v_div=None, eps_in=0.0, eps_out=None, lr=None
):
    """(parameter, m, v) after one step of one number."""
    m_new = r.beta1 * m + (1 - r.beta1) * g if m_new is None else m_new
    v_new = r.beta2 * v + (1 - r.beta2) * g * g if v_new is None else v_new
    top = m_new / (1 - r.beta1**t if m_div is None else m_div)
    below = math.sqrt(v_new / (1 - r.beta2**t if v_div is None else v_div) + eps_in) + (
        r.eps if eps_out is None else eps_out
    )
    return p - (r.lr if lr is None else lr) * top / below, m_new, v_new


def new_m(m, g, r):
    return r.beta1 * m + (1 - r.beta1) * g


def new_v(v, g, r):
    return r.beta2 * v + (1 - r.beta2) * g * g


def at(t):
    """Adam with another number of the step in its corrections."""
    return lambda p, m, v, g, n, r, i, gs: adam(p, m, v, g, t(n, i), r)


def instead(**named):
    """Adam's step with another m, v or divisor, each worked out from m, v, g, t, r and the whole gradient."""

    def step(p, m, v, g, t, r, i, gs):
        return adam(p, m, v, g, t, r, **{name: made(m, v, g, t, r, gs) for name, made in named.items()})

    return step


def stepped_from(p, top, below, t, r):
    return p - r.lr * top / (1 - r.beta1**t) / (math.sqrt(below / (1 - r.beta2**t)) + r.eps)


ADAM = {
    "no-correction": instead(m_div=lambda *_: 1, v_div=lambda *_: 1),
    "corrects-m-only": instead(v_div=lambda *_: 1),
    "corrects-v-only": instead(m_div=lambda *_: 1),
    "multiplies-correction": instead(
        m_div=lambda m, v, g, t, r, gs: 1 / (1 - r.beta1**t),
        v_div=lambda m, v, g, t, r, gs: 1 / (1 - r.beta2**t),
    ),
    "correction-without-power": instead(
        m_div=lambda m, v, g, t, r, gs: 1 - r.beta1, v_div=lambda m, v, g, t, r, gs: 1 - r.beta2
    ),
    "t-always-1": at(lambda t, i: 1),
    "t-one-behind": at(lambda t, i: t - 1 if t > 1 else 1),
    "t-plus-1": at(lambda t, i: t + 1),
    "t-per-parameter": at(lambda t, i: 5 * (t - 1) + i + 1),
    "counts-calls": at(lambda t, i: 1),
    "t-one-behind-first-uncorrected": lambda p, m, v, g, t, r, i, gs: (
        adam(p, m, v, g, t - 1, r) if t > 1 else adam(p, m, v, g, t, r, m_div=1, v_div=1)
    ),
    "correction-stored": lambda p, m, v, g, t, r, i, gs: (
        adam(p, m, v, g, t, r)[0],
        new_m(m, g, r) / (1 - r.beta1**t),
        new_v(v, g, r) / (1 - r.beta2**t),
    ),
    "moments-reset": lambda p, m, v, g, t, r, i, gs: adam(p, 0, 0, g, t, r),
    "moments-lost": lambda p, m, v, g, t, r, i, gs: (adam(p, m, v, g, t, r)[0], m, v),
    "moments-before": lambda p, m, v, g, t, r, i, gs: (
        stepped_from(p, m, v, t, r),
        new_m(m, g, r),
        new_v(v, g, r),
    ),
    "m-before": lambda p, m, v, g, t, r, i, gs: (
        stepped_from(p, m, new_v(v, g, r), t, r),
        new_m(m, g, r),
        new_v(v, g, r),
    ),
    "v-before": lambda p, m, v, g, t, r, i, gs: (
        stepped_from(p, new_m(m, g, r), v, t, r),
        new_m(m, g, r),
        new_v(v, g, r),
    ),
    "biases-not-updated": lambda p, m, v, g, t, r, i, gs: (
        p if i in (3, 4) else adam(p, m, v, g, t, r)[0],
        *adam(p, m, v, g, t, r)[1:],
    ),
    "biases-left-out": lambda p, m, v, g, t, r, i, gs: (p, m, v) if i in (3, 4) else adam(p, m, v, g, t, r),
    "b-not-updated": lambda p, m, v, g, t, r, i, gs: (
        p if i == 3 else adam(p, m, v, g, t, r)[0],
        *adam(p, m, v, g, t, r)[1:],
    ),
    "c-not-updated": lambda p, m, v, g, t, r, i, gs: (
        p if i == 4 else adam(p, m, v, g, t, r)[0],
        *adam(p, m, v, g, t, r)[1:],
    ),
    "betas-swapped": lambda p, m, v, g, t, r, i, gs: adam(
        p, m, v, g, t, Rates(r.lr, r.beta2, r.beta1, r.eps)
    ),
    "fixed-beta2": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g, t, Rates(r.lr, r.beta1, 0.99, r.eps)),
    "eps-too-large": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g, t, r, eps_out=1e-6),
    "no-eps": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g, t, r, eps_out=0.0),
    "fixed-lr": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g, t, r, lr=0.001),
    "eps-inside-root": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g, t, r, eps_in=r.eps, eps_out=0.0),
    "m-unscaled": instead(m_new=lambda m, v, g, t, r, gs: r.beta1 * m + g),
    "v-unscaled": instead(v_new=lambda m, v, g, t, r, gs: r.beta2 * v + g * g),
    "v-of-absolute": instead(v_new=lambda m, v, g, t, r, gs: r.beta2 * v + (1 - r.beta2) * abs(g)),
    "v-of-gradient": instead(v_new=lambda m, v, g, t, r, gs: r.beta2 * v + (1 - r.beta2) * g),
    "v-of-m": instead(v_new=lambda m, v, g, t, r, gs: r.beta2 * v + (1 - r.beta2) * new_m(m, g, r) ** 2),
    "v-of-norm": instead(
        v_new=lambda m, v, g, t, r, gs: r.beta2 * v + (1 - r.beta2) * sum(one * one for one in gs)
    ),
    "v-of-mean-square": instead(
        v_new=lambda m, v, g, t, r, gs: r.beta2 * v + (1 - r.beta2) * sum(one * one for one in gs) / len(gs)
    ),
    "adagrad-sum": instead(v_new=lambda m, v, g, t, r, gs: v + g * g),
    "amsgrad": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g, t, r),
    "amsgrad-in-v": instead(v_new=lambda m, v, g, t, r, gs: max(v, new_v(v, g, r))),
    "no-root": lambda p, m, v, g, t, r, i, gs: (
        p - r.lr * new_m(m, g, r) / (1 - r.beta1**t) / (new_v(v, g, r) / (1 - r.beta2**t) + r.eps),
        new_m(m, g, r),
        new_v(v, g, r),
    ),
    "rmsprop": lambda p, m, v, g, t, r, i, gs: (
        p - r.lr * g / (math.sqrt(new_v(v, g, r)) + r.eps),
        m,
        new_v(v, g, r),
    ),
    "momentum": lambda p, m, v, g, t, r, i, gs: (p - r.lr * (r.beta1 * m + g), r.beta1 * m + g, v),
    "momentum-averaged": lambda p, m, v, g, t, r, i, gs: (p - r.lr * new_m(m, g, r), new_m(m, g, r), v),
    "gradient-descent": lambda p, m, v, g, t, r, i, gs: (p - r.lr * g, m, v),
    "ascent": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g, t, r, lr=-r.lr),
    "l2": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, g + p / 100, t, r),
    "decoupled-decay": lambda p, m, v, g, t, r, i, gs: (
        adam(p, m, v, g, t, r)[0] - r.lr * p / 100,
        *adam(p, m, v, g, t, r)[1:],
    ),
    "clipped": lambda p, m, v, g, t, r, i, gs: adam(p, m, v, min(max(g, -1), 1), t, r),
    "nesterov": lambda p, m, v, g, t, r, i, gs: (
        p
        - r.lr
        * (r.beta1 * new_m(m, g, r) + (1 - r.beta1) * g)
        / (1 - r.beta1**t)
        / (math.sqrt(new_v(v, g, r) / (1 - r.beta2**t)) + r.eps),
        new_m(m, g, r),
        new_v(v, g, r),
    ),
}


@pytest.mark.parametrize("mistake", ADAM_MISTAKES, ids=lambda mistake: mistake.id)
@pytest.mark.parametrize("t", [1, 2, 5])
@pytest.mark.parametrize("index", [0, 2, 3, 4])
def test_a_mistake_in_adam_is_what_its_sentence_says(mistake, t, index):
    rng = np.random.default_rng(7)
    rates = Rates(0.02, 0.8, 0.95, 1e-3)
    theta, m, g = rng.normal(size=(3, 4)) * [1, 2, 3, 0.1]
    if mistake.id == "v-of-gradient":
        g = np.abs(g)  # the root of a negative number is none
    v = rng.uniform(0.1, 2, 4)
    if mistake.id == "t-from-zero":
        made = at(lambda t, i: t - 1)
        if t == 1:
            return
    else:
        made = ADAM[mistake.id]
    found = mistake.effect(ArrayStep(AdamState(theta, m, v), g, t, rates, index, 5, {}))
    wanted = [made(*one, t, rates, index, list(g)) for one in zip(theta, m, v, g, strict=True)]
    assert np.allclose(np.array(found).T, wanted, rtol=1e-10, atol=0)


def test_what_is_remembered_counts_from_call_to_call():
    by_name = {one.id: one.effect for one in ADAM_MISTAKES}
    rates, memory, largest = Rates(), {}, 0.0
    for calls, (v, g) in enumerate([(1.0, 2.0), (0.01, 0.1), (4.0, 0.1), (0.02, 0.3)], start=1):
        state = AdamState(*(np.array([one]) for one in (1.0, 0.5, v)))
        counted = by_name["counts-calls"](ArrayStep(state, np.array([g]), 9, rates, 0, 1, memory))
        assert counted.theta[0] == pytest.approx(adam(1.0, 0.5, v, g, calls, rates)[0], rel=1e-12)
    memory = {}
    for v, g in [(1.0, 2.0), (0.01, 0.1), (4.0, 0.1), (0.02, 0.3)]:
        state = AdamState(*(np.array([one]) for one in (1.0, 0.5, v)))
        found = by_name["amsgrad"](ArrayStep(state, np.array([g]), 9, rates, 0, 1, memory))
        largest = max(largest, new_v(v, g, rates))
        assert found.theta[0] == pytest.approx(
            stepped_from(1.0, new_m(0.5, g, rates), largest, 9, rates), rel=1e-12
        )
        assert found.v[0] == pytest.approx(new_v(v, g, rates), rel=1e-12)


def test_an_optimiser_of_fewer_arrays_has_no_biases_to_leave_out():
    (rule,) = (one.effect for one in ADAM_MISTAKES if one.id == "biases-not-updated")
    state = AdamState(*np.ones((3, 1)))
    for index, count in ((3, 4), (3, 5), (4, 5)):
        after = rule(ArrayStep(state, np.ones(1), 1, Rates(), index, count, {}))
        assert bool(after.theta[0] == 1) is (count == 5)


@pytest.mark.parametrize("t", [1, 3])
def test_accepted_forms_differ_in_where_and_how_large_eps_is(t):
    r, (p, m, v, g) = Rates(0.02, 0.8, 0.95, 1e-3), (0.5, 0.3, 0.2, 0.7)
    step = ArrayStep(AdamState(np.array([p]), np.array([m]), np.array([v])), np.array([g]), t, r, 0, 1, {})
    root = math.sqrt(1 - r.beta2**t)
    wanted = {"torch": r.eps, "paper": r.eps / root, "keras": 1e-7, "keras-paper": 1e-7 / root}
    assert set(RIGHT_FORMS) == set(wanted)
    for name, eps in wanted.items():
        after = RIGHT_FORMS[name](step)
        found = [float(one[0]) for one in after]
        assert found == pytest.approx(adam(p, m, v, g, t, r, eps_out=eps), rel=1e-12)
