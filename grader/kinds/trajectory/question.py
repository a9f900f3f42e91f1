"""A training function: a hundred epochs from given weights and data, and three short trainings elsewhere.

Full-batch training is the same for everyone for the first two hundred epochs, to many digits; then rounding
takes over. So nothing is ever trained to the end.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import from_numpy
from grader.model.run import Call, DrawnArguments
from grader.model.text import counted
from grader.model.value import Fields, Value
from grader.training.calls import CalledFunction, real, whole
from grader.training.task import FloatArray, TaskParams, draw_sequences
from reference.adam import Rates
from reference.bptt import Parameters, cost, forward
from reference.trainer import glorot, train

SMALL = (2, 8, 3)
"""Sequences, steps and epochs of the short training."""
OTHER_LR = 2.0
"""The short training's learning rate over the long one's."""
TINY = (1, 1, 2)
"""The same of the one with a single hidden neuron."""
LOUD = (3, 6, 12)
"""The same of the one whose gradients are beyond what people clip at."""
# Adam's steps do not grow with the gradients; with such large targets only long ones change the cost.
LOUD_TARGETS, LOUD_LR = 100.0, 100.0


class TrajectoryParams(CalledFunction, TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `trajectory`.

    Args:
        function: Its name; called as function(x, y, params, n_epochs, lr) with params a dict of U, W, V, b
            and c; returns (params, losses), one loss an epoch.
        hidden: Hidden neurons.
        noise: Standard deviation of the noise on the targets.
        n_seqs: Sequences.
        n_steps: Steps of each.
        n_epochs: Epochs compared; beyond 200 rounding decides.
        lr: Learning rate.
        seed: Of data and weights.
    """

    kind = "trajectory"
    arguments = "x, y, params, n_epochs, lr"
    function: str = "train"
    hidden: int
    noise: float = 0.1
    n_seqs: int = 4
    n_steps: int = 30
    n_epochs: int = 100
    lr: float = 0.01
    seed: int = 0

    def __post_init__(self) -> None:
        TaskParams.__post_init__(self)
        self.require_name()
        if not 1 <= self.n_epochs <= 200:
            raise ValueError(f"n_epochs is {self.n_epochs}; beyond 200 honest trainings differ by rounding")
        if min(self.hidden, self.n_seqs, self.n_steps) < 1 or not self.lr > 0:
            raise ValueError("hidden, n_seqs and n_steps are counts from 1 on, lr is above 0")


class Start(NamedTuple):
    """Where training starts: inputs, noisy targets and weights."""

    x: FloatArray
    y: FloatArray
    params: Parameters


class TrainingTask(NamedTuple):
    """A training to make.

    Args:
        start: Where it starts.
        n_epochs: Its epochs.
        lr: Its learning rate.
        losses: (n_epochs + 1,) the cost before each step and after the last.
        also: What else it is called with, for messages.
    """

    start: Start
    n_epochs: int
    lr: float
    losses: FloatArray
    also: str = ""

    @property
    def sizes(self) -> str:
        """What the function is called with, for messages."""
        n_seqs, n_steps, _ = self.start.x.shape
        sizes = f"{counted(n_seqs, 'sequence')} of {counted(n_steps, 'step')}"
        return f"{sizes}, n_epochs = {self.n_epochs}{self.also}"

    def cost_of(self, params: Parameters) -> float:
        """The cost of weights on the data of this training."""
        with np.errstate(all="ignore"):
            return cost(forward(self.start.x, params).y, self.start.y)


class TrainingTasks(NamedTuple):
    """The training that is compared, a short one, one of size 1, and one with large targets."""

    long: TrainingTask
    short: TrainingTask
    tiny: TrainingTask
    loud: TrainingTask


def tasks(params: TrajectoryParams) -> TrainingTasks:
    """All trainings, in the order of the calls."""
    return _tasks(params, params.instance_seed)


@functools.lru_cache(maxsize=16)
def _tasks(params: TrajectoryParams, seed: int) -> TrainingTasks:
    rng = np.random.default_rng(seed)

    def drawn(size: tuple[int, int, int], lr: float, hidden: int, scale: float = 1.0) -> TrainingTask:
        n_seqs, n_steps, n_epochs = size
        data = draw_sequences(params, n_seqs, n_steps, rng)
        start = draw_start(data.x, scale * data.y, params.noise, hidden, rng)
        return TrainingTask(start, n_epochs, lr, right_losses(start, n_epochs, lr))

    lr, hidden = params.lr, params.hidden
    loud_also = f", targets {LOUD_TARGETS:g} times as large"
    return TrainingTasks(
        long=drawn((params.n_seqs, params.n_steps, params.n_epochs), lr, hidden),
        short=drawn(SMALL, OTHER_LR * lr, hidden),
        tiny=drawn(TINY, lr, 1),
        loud=drawn(LOUD, LOUD_LR * lr, hidden, LOUD_TARGETS)._replace(also=loud_also),
    )


def draw_start(
    x: FloatArray, clean: FloatArray, noise: float, hidden: int, rng: np.random.Generator
) -> Start:
    """Noisy targets and starting weights for given inputs.

    Biases are not zero: with zero biases some mistakes in them could not be told apart.
    """
    y = clean + noise * rng.standard_normal(clean.shape)
    params = glorot(rng, x.shape[-1], hidden, y.shape[-1])
    biases = [rng.uniform(-0.5, 0.5, size=size) for size in (hidden, y.shape[-1])]
    return Start(x, y, params._replace(b=biases[0], c=biases[1]))


def right_losses(start: Start, n_epochs: int, lr: float) -> FloatArray:
    """(n_epochs + 1,) the cost in full-batch training with Adam, before each step and after the last."""
    trained = train(start.x, start.y, start.params, n_epochs, Rates(lr=lr))
    last = cost(forward(start.x, trained.params).y, start.y)
    return np.append(np.asarray(trained.losses, dtype=np.float64), last)


def probes(params: TrajectoryParams) -> tuple[Call, ...]:
    """The training that is compared, a short one, twice to catch kept state, then the two others.

    The long one comes first: what a short one leaves behind would spoil it.
    """
    # Of the seed as it is now, whenever they are drawn.
    count, seed = len(params.arguments.split(", ")), params.instance_seed
    return tuple(
        Call(
            question="",
            function=(),
            args=DrawnArguments(count, functools.partial(_arguments, params, seed, place)),
            times=times,
            returns_arguments=True,
        )
        for place, times in enumerate((1, 2, 1, 1))
    )


def _arguments(params: TrajectoryParams, seed: int, place: int) -> tuple[Value, ...]:
    """What a training is called with; to draw it is to make it, which takes longer than most answers."""
    task = _tasks(params, seed)[place]
    return (
        from_numpy(task.start.x),
        from_numpy(task.start.y),
        Fields({name: from_numpy(array) for name, array in task.start.params._asdict().items()}),
        whole(task.n_epochs),
        real(task.lr),
    )
