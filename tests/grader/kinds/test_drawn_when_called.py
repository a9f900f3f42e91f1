"""What a function is called with is drawn when it is called: few answers have all that are asked."""

from __future__ import annotations

from typing import Any

import pytest

from grader.kinds.realisation import question as realisation
from grader.kinds.realisation.question import NetworkSizes, RealisationParams
from grader.kinds.trajectory import question as trajectory
from grader.kinds.trajectory.question import TrajectoryParams
from grader.model.run import Call, DrawnArguments
from grader.model.value import Array, Fields, Number

NETWORKS = RealisationParams(
    sizes=(NetworkSizes(states=1, inputs=2, outputs=1), NetworkSizes(states=2, inputs=1, outputs=3)), seed=3
)
TRAINING = TrajectoryParams(
    inputs=1, targets=("0.5*x[1] - delay(x[1], 1)",), hidden=2, n_seqs=2, n_steps=5, n_epochs=3
)


def fail(*arguments: object) -> Any:
    raise AssertionError("this is drawn though nothing is called")


@pytest.mark.parametrize(
    ("module", "params", "draw", "times", "count"),
    [
        (realisation, NETWORKS, "_instances", [2] * 7, 3),
        (trajectory, TRAINING, "_tasks", [1, 2, 1, 1], 5),
    ],
    ids=["realisation", "trajectory"],
)
def test_nothing_is_drawn_to_know_how_often_and_with_how_many_arguments_a_function_is_called(
    module: Any, params: Any, draw: str, times: list[int], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, draw, fail)
    calls: tuple[Call, ...] = module.probes(params)
    assert [call.times for call in calls] == times
    assert {len(call.args) for call in calls} == {count}
    assert all(isinstance(call.args, DrawnArguments) for call in calls)
    with pytest.raises(AssertionError, match="drawn though"):
        tuple(calls[0].args)


def test_each_network_is_called_for_in_its_place() -> None:
    networks, calls = realisation.instances(NETWORKS), realisation.probes(NETWORKS)
    assert len(networks) == len(calls)
    for network, call in zip(networks, calls, strict=True):
        s0, Wssx, Wox = call.args
        assert isinstance(s0, Array)
        assert isinstance(Wssx, Array)
        assert isinstance(Wox, Array)
        assert memoryview(s0.data).cast("d").tolist() == list(network.s0)
        assert memoryview(Wssx.data).cast("d", Wssx.shape).tolist() == [list(row) for row in network.Wssx]
        assert memoryview(Wox.data).cast("d", Wox.shape).tolist() == [list(row) for row in network.Wox]


def test_each_training_is_called_for_in_its_place() -> None:
    for task, call in zip(trajectory.tasks(TRAINING), trajectory.probes(TRAINING), strict=True):
        x, y, weights, n_epochs, lr = call.args
        assert isinstance(x, Array)
        assert isinstance(y, Array)
        assert memoryview(x.data).cast("d", x.shape).tolist() == task.start.x.tolist()
        assert memoryview(y.data).cast("d", y.shape).tolist() == task.start.y.tolist()
        assert isinstance(weights, Fields)
        assert list(weights.fields) == ["U", "W", "V", "b", "c"]
        assert n_epochs == Number(str(task.n_epochs), "int")
        assert lr == Number(repr(task.lr), "float")
