"""A loss curve, and the weights and data of the same training where they stand beside it."""

from __future__ import annotations

from grader.model.kind import Asks
from grader.training.task import TaskParams


class CurveParams(TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `curve`.

    Args:
        start: Smallest and largest cost that starting weights have, in the asked scale.
        floor: A cost that no training can reach.
        low: A cost that no honest run of ours has reached.
        slow: An end above this is slow.
        noise: Standard deviation of the noise on the training targets.
        train_seqs: Training sequences, to recognise a cost that is summed.
        n_steps: Steps of each.
        weights: Id of the question about the trained weights; empty where there is none.
    """

    start: tuple[float, float]
    floor: float
    low: float
    slow: float
    noise: float = 0.1
    train_seqs: int = 8
    n_steps: int = 100
    weights: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.floor < self.low < self.slow < self.start[0] < self.start[1]:
            raise ValueError("wanted 0 < floor < low < slow < start[0] < start[1]")


def asks(params: CurveParams) -> Asks:
    """The losses; weights and training data are looked at where they stand beside them."""
    also = (params.weights, "weights", "x_train", "y_train") if params.weights else ()
    return Asks(fields=("losses",), optional=("every",), also=also)
