"""An honest answer to a question about trained weights, by our own trainer."""

from __future__ import annotations

import numpy as np

from grader.training.task import TaskParams, draw_sequences
from reference.bptt import Parameters
from reference.trainer import glorot, train

DECIMALS = 4
"""Rounding to these moves R by less than a thousandth of itself."""


def best_answer(
    task: TaskParams, hidden: int, data: tuple[int, int, float], effort: tuple[int, int, int]
) -> str:
    """The Python source of the network with the lowest training cost.

    Args:
        task: What is learnt.
        hidden: Hidden neurons.
        data: Training sequences, steps of each, and standard deviation of the noise.
        effort: Networks to train, epochs for each, and the seed of all that is drawn.
    """
    n_seqs, n_steps, noise = data
    seeds, epochs, seed = effort
    rng = np.random.default_rng(seed)
    sequences = draw_sequences(task, n_seqs, n_steps, rng)
    wanted = sequences.y + noise * rng.standard_normal(sequences.y.shape)
    start = glorot(rng, task.inputs, hidden, len(task.targets), seeds)
    trained = train(sequences.x, wanted, start, epochs)
    best = int(np.argmin(trained.losses[-1]))
    return source(Parameters(*(array[best] for array in trained.params)))


def source(params: Parameters) -> str:
    """The weights as the lines of an answer file."""
    lines = [f'    "{name}": {array.round(DECIMALS).tolist()},' for name, array in params._asdict().items()]
    return "\n".join(["q2_weights = {", *lines, "}"])
