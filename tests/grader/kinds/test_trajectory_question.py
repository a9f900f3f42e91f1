"""Which trainings a training function is asked for, and which questions about one cannot be."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from grader.kinds.trajectory.diagnose import CLIPPED, _StartKey
from grader.kinds.trajectory.question import Start, TrajectoryParams, draw_start, probes, tasks
from grader.model.value import Array, Fields, Number
from reference.bptt import Parameters

TABLE = {
    "inputs": 3,
    "targets": ("5*x[1] - 0.2*delay(x[3], 1)", "x[2]"),
    "hidden": 4,
    "n_seqs": 3,
    "n_steps": 6,
    "n_epochs": 7,
    "lr": 0.02,
    "noise": 0.0,
}
PARAMS = msgspec.convert(TABLE, TrajectoryParams)


@pytest.mark.parametrize(
    ("changed", "is_sound"),
    [
        ({"n_epochs": 0}, False),
        ({"n_epochs": 1}, True),
        ({"n_epochs": 200}, True),
        ({"n_epochs": 201}, False),
        *(({name: 0}, False) for name in ("hidden", "n_seqs", "n_steps", "inputs")),
        *(({name: 1}, True) for name in ("hidden", "n_seqs", "n_steps")),
        ({"lr": 0.0}, False),
        ({"lr": -0.1}, False),
        ({"lr": float("nan")}, False),
        ({"lr": 1e-9}, True),
        ({"function": "a b"}, False),
        ({"lrate": 1}, False),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changed: dict[str, object], is_sound: bool) -> None:
    if is_sound:
        msgspec.convert(TABLE | changed, TrajectoryParams)
    else:
        with pytest.raises((msgspec.ValidationError, ValueError)):
            msgspec.convert(TABLE | changed, TrajectoryParams)


def test_without_more_a_question_is_that_of_the_sheet() -> None:
    plain = TrajectoryParams(inputs=3, targets=("x[1]",), hidden=5)
    assert (plain.function, plain.noise, plain.n_seqs, plain.n_steps) == ("train", 0.1, 4, 30)
    assert (plain.n_epochs, plain.lr) == (100, 0.01)


def wanted(x: np.ndarray) -> np.ndarray:
    y = np.zeros((*x.shape[:2], 2))
    for s in range(x.shape[0]):
        for t in range(x.shape[1]):
            y[s, t] = 5 * x[s, t, 0] - 0.2 * (x[s, t - 1, 2] if t else 0), x[s, t, 1]
    return y


def test_four_trainings_are_made_of_which_the_short_one_is_made_twice() -> None:
    found = tasks(PARAMS)
    # A long one, a short one with twice the learning rate, one of sizes 1, and one with large targets.
    sizes = {"long": (3, 6, 4), "short": (2, 8, 4), "tiny": (1, 1, 1), "loud": (3, 6, 4)}
    epochs, rates = (7, 3, 2, 12), (0.02, 0.04, 0.02, 2.0)
    scales = (1, 1, 1, 100)
    for name, task, n_epochs, lr, scale in zip(sizes, found, epochs, rates, scales, strict=True):
        n_seqs, n_steps, hidden = sizes[name]
        assert task.start.x.shape == (n_seqs, n_steps, 3)
        assert task.start.y.shape == (n_seqs, n_steps, 2)
        shapes = [array.shape for array in task.start.params]
        assert shapes == [(3, hidden), (hidden, hidden), (hidden, 2), (hidden,), (2,)]
        assert (task.n_epochs, task.losses.shape) == (n_epochs, (n_epochs + 1,))
        assert task.lr == pytest.approx(lr)
        steps = slice(1, None) if n_steps > 1 else slice(0, 0)
        np.testing.assert_allclose(task.start.y[:, steps], scale * wanted(task.start.x)[:, steps])
        assert task.cost_of(task.start.params) == pytest.approx(task.losses[0])
        text = f"{n_seqs} sequence{'s' * (n_seqs > 1)} of {n_steps} step{'s' * (n_steps > 1)}"
        also = ", targets 100 times as large" if name == "loud" else ""
        assert task.sizes == f"{text}, n_epochs = {n_epochs}{also}"
    assert [one.times for one in probes(PARAMS)] == [1, 2, 1, 1]
    for call, task in zip(probes(PARAMS), found, strict=True):
        x, y, weights, n_epochs, lr = call.args
        assert isinstance(x, Array)
        assert isinstance(y, Array)
        assert isinstance(weights, Fields)
        assert (x.data, y.data) == (task.start.x.tobytes(), task.start.y.tobytes())
        assert list(weights.fields) == ["U", "W", "V", "b", "c"]
        assert (n_epochs, lr) == (Number(str(task.n_epochs), "int"), Number(repr(task.lr), "float"))
        assert call.returns_arguments


def test_biases_are_no_zeros_and_noise_is_on_the_targets() -> None:
    x, clean = np.zeros((40, 50, 3)), np.full((40, 50, 2), 7.0)
    start = draw_start(x, clean, 0.5, 30, np.random.default_rng(1))
    noise = start.y - 7
    assert abs(float(noise.std()) - 0.5) < 0.02
    assert abs(float(noise.mean())) < 0.02
    assert 0.4 < start.params.b.max() <= 0.5
    assert -0.5 <= start.params.b.min() < -0.4
    assert 0 < np.abs(start.params.c).min() <= np.abs(start.params.c).max() <= 0.5
    assert draw_start(x, clean, 0.0, 30, np.random.default_rng(1)).y.tolist() == clean.tolist()


GRADS = Parameters(
    np.array([[3.0, -4.0]]), np.array([[12.0]]), np.array([[0.0]]), np.array([0.1]), np.array([-84.0])
)


def cut(limit: float) -> list[float]:
    return [max(-limit, min(limit, float(one))) for array in GRADS for one in array.flat]


def together(limit: float) -> list[float]:
    length = sum(float(one) ** 2 for array in GRADS for one in array.flat) ** 0.5
    return [float(one) * min(1.0, limit / length) for array in GRADS for one in array.flat]


def each(limit: float) -> list[float]:
    made = []
    for array in GRADS:
        length = sum(float(one) ** 2 for one in array.flat) ** 0.5
        made += [float(one) * min(1.0, limit / (length or 1)) for one in array.flat]
    return made


def test_gradients_are_clipped_in_three_ways_at_the_limits_that_people_write() -> None:
    assert {one.id for one in CLIPPED} == {"clipped"}
    wanted = [way(limit) for limit in (0.5, 1, 2, 5, 10, 100, 1000) for way in (cut, together, each)]
    found = [
        [float(one) for array in mistake.effect.between(GRADS) for one in array.flat] for mistake in CLIPPED
    ]
    assert len(found) == len(wanted)
    for got, right in zip(found, wanted, strict=True):
        assert got == pytest.approx(right)


def test_starts_are_told_apart_by_identity() -> None:
    long, short = tasks(PARAMS).long.start, tasks(PARAMS).short.start
    key = _StartKey(long)
    others = [_StartKey(short), _StartKey(Start(*long)), SimpleNamespace(start=long)]
    assert hash(key) == hash(_StartKey(long))
    assert [key == one for one in (_StartKey(long), *others)] == [True, False, False, False]
