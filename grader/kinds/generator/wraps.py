"""Whether the first steps of generated data take inputs from the end of their sequence, as np.roll does."""

from __future__ import annotations

import math

import numpy as np

from grader.kinds.generator.bounds import ALPHA
from grader.training.data_read import Data
from grader.training.task import FloatArray, TaskParams, clean_targets, first_steps

# Both signs could count, one does: exp(-BOUND^2 / 2) is the chance of honest data, for all outputs together.
BOUND = math.sqrt(2 * math.log(1 / ALPHA))


def wrapped_outputs(params: TaskParams, data: Data) -> tuple[int, ...]:
    """Outputs, from 1, whose first steps follow the formula with inputs from the end of the sequence.

    They are held against the formula with the end of their own sequence and with that of a neighbour. In
    honest data one end is as good as another, so that changing the two ends of a pair turns the sign of the
    pair's difference: the sum over pairs is one of independent signs, and Hoeffding's inequality bounds it,
    whatever stands in the first steps.

    Args:
        params: The task.
        data: Finite; the sequences at least twice as long as the past that the formulas need.
    """
    late = max(first_steps(params.targets, params.inputs)) - 1
    n_pairs = len(data.x) // 2
    x, y = data.x[: 2 * n_pairs], data.y[: 2 * n_pairs]
    other_ends = x.reshape(n_pairs, 2, *x.shape[1:])[:, ::-1].reshape(x.shape)
    found = []
    # What stands in the first steps may be too large for a square; that follows nothing.
    with np.errstate(all="ignore"):
        own, others = (_wrapped(params, x, ends, late) for ends in (x, other_ends))
        nearer = (y[:, :late] - others) ** 2 - (y[:, :late] - own) ** 2
        for k, start in enumerate(step - 1 for step in first_steps(params.targets, params.inputs)):
            pairs = nearer[:, :start, k].reshape(n_pairs, -1).sum(axis=1)
            size = float(np.sqrt(np.sum(pairs**2)))
            if size > 0 and float(pairs.sum()) / size > BOUND:
                found.append(k + 1)
    return tuple(found)


def _wrapped(params: TaskParams, x: FloatArray, ends: FloatArray, late: int) -> FloatArray:
    """(n_seqs, late, n_out): the formulas at the first steps, with the last inputs of `ends` before them."""
    past = np.concatenate([ends[:, x.shape[1] - late :], x], axis=1)
    return clean_targets(params.targets, past)[:, late : 2 * late]
