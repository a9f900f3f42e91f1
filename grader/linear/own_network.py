"""The linear network that an answer is, to be run step by step; what it is to output is not looked at."""

from __future__ import annotations

from grader.errors import Unreadable
from grader.linear.arrangement import arrangement
from grader.linear.question import LinearParams
from grader.linear.structure import read_weights
from grader.linear.symbolic.entries import read_formulas
from grader.model.kind import Answer
from grader.networks.running.stepwise import OwnNetwork


def own_network(params: LinearParams, answer: Answer) -> OwnNetwork:
    """The network of the weights among the fields.

    Args:
        params: The question.
        answer: What was handed in for it.

    Raises:
        Unreadable: If there are no weights, they are no network, or letters stand in them.
    """
    fields = {name: value for name, value in answer.fields.items() if name in params.weight_names}
    if not fields:
        raise Unreadable("there are no weights in it", "a network can be run where its weights are there")
    written = read_formulas(fields)
    if written.trees:
        raise Unreadable("letters stand in its weights", "put numbers in their place to run it")
    found = arrangement(params.form)
    rows = dict(
        zip(
            found.weights,
            read_weights(params.form, params.sizes, written.fields, params.starts_at_zero),
            strict=True,
        )
    )
    values = {name: tuple(tuple(x.value for x in row) for row in one) for name, one in rows.items()}
    return OwnNetwork(
        network=found.network,
        parameters={
            name: values[name] if len(shape) == 2 else values[name][0] if shape else values[name][0][0]
            for name, shape in found.network.parameters.items()
        },
        sizes=found.sizes(len(rows["s0"][0]), params.sizes.inputs, params.sizes.outputs),
    )
