"""A function that draws training data: how it is asked, and how the data that it returned are read.

It is asked for so many sequences that every known mistake shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.run import Call
from grader.model.value import Fields, Generator, Items, Value
from grader.training.calls import CalledFunction, call, want_something, whole
from grader.training.task import FloatArray, TaskParams, shaped

SMALL = (2, 8)
"""Sequences and steps of an early call: whether both sizes are taken."""
WIDE_SEQS = 1000
"""Enough short sequences for a small term from the wrong end to show beside the noise."""


class GeneratorParams(CalledFunction, TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `generator`.

    Args:
        function: Its name; called as function(n_seqs, n_steps, rng), returns (x, y).
        noise: Standard deviation of the noise.
        n_seqs: Sequences asked for; with fewer than 64 uniform noise of the right variance passes.
        n_steps: Steps of each.
        seed: Of the generators handed over.
    """

    kind = "generator"
    arguments = "n_seqs, n_steps, rng"
    function: str = "generate"
    noise: float = 0.1
    n_seqs: int = 64
    n_steps: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        TaskParams.__post_init__(self)
        self.require_name()
        if self.n_seqs < 64 or self.n_steps < 32:
            raise ValueError("n_seqs from 64 and n_steps from 32 on: fewer values cannot show a wrong noise")
        if not self.noise > 0:
            raise ValueError(f"noise is {self.noise}; wanted a number above 0")

    @property
    def start(self) -> int:
        """The first step, from 0, at which all outputs have all their inputs."""
        return max(self.starts)


class DataSizes(NamedTuple):
    """Sequences and steps of each call."""

    one: tuple[int, int]
    small: tuple[int, int]
    large: tuple[int, int]
    wide: tuple[int, int]


def sizes(params: GeneratorParams) -> DataSizes:
    """Sequences and steps of each call."""
    late = params.start + 1
    return DataSizes((1, late), SMALL, (params.n_seqs, params.n_steps), (WIDE_SEQS, 2 * late))


def probes(params: GeneratorParams) -> tuple[Call, ...]:
    """One sequence, a few, the large set twice from the same generator and once from another, short ones."""
    one, small, large, wide = sizes(params)
    asked = ((*one, 4, 1), (*small, 0, 1), (*large, 1, 2), (*large, 2, 1), (*wide, 3, 1))
    seed = params.instance_seed * len(asked)
    return tuple(
        call(whole(n_seqs), whole(n_steps), Generator(seed + number), times=times)
        for n_seqs, n_steps, number, times in asked
    )


class Data(NamedTuple):
    """Inputs (n_seqs, T, n_in) and outputs (n_seqs, T, n_out)."""

    x: FloatArray
    y: FloatArray


def read_data(value: Value, shape: tuple[int, int, int, int], starts: Sequence[int], where: str) -> Data:
    """The data set that was returned; where y before its first judged step is not finite, it is 0.

    Args:
        value: (x, y), or an object with both names.
        shape: n_seqs, T, n_in, n_out.
        starts: For each output its first judged step, from 0.
        where: The function's name, for messages.

    Raises:
        Unreadable: If it is no pair, or an array has another shape.
    """
    match want_something(value, where, "x, y"):
        case Items(items=(x, y)):
            pass
        case Fields(fields=fields) if {"x", "y"} <= set(fields):
            x, y = fields["x"], fields["y"]
        case _:
            raise Unreadable(f"it returns {describe(value)}", "return x, y", where, "not-a-pair")
    *size, n_in, n_out = shape
    inputs = shaped(to_numpy(x, "x"), (*size, n_in), "x")
    outputs = shaped(to_numpy(y, "y"), (*size, n_out), "y", starts)
    return Data(inputs, np.where(np.isfinite(outputs), outputs, 0.0))
