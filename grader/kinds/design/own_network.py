"""The network that an answer is, to be run step by step; its task is not looked at."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from grader.kinds.design.question import DesignParams, task_of
from grader.kinds.design.weights import read_weights
from grader.model.kind import Answer
from grader.networks.running.stepwise import OwnNetwork


def own_network(params: DesignParams, answer: Answer) -> OwnNetwork:
    """The network of the handed-in weights, of whatever size.

    Args:
        params: The question.
        answer: What was handed in for it.

    Raises:
        Unreadable: If they are no network.
    """
    task = task_of(params)
    weights = read_weights(task, answer.fields)
    parameters = {name: _as_tuples(value) for name, value in weights.values().items()}
    return OwnNetwork(network=task.network, parameters=parameters, sizes=weights.sizes)


def _as_tuples(value: Any) -> Any:
    return value if isinstance(value, Fraction) else tuple(map(_as_tuples, value))
