"""A training function: its losses from given data and weights, epoch by epoch.

Full-batch training is the same for everyone for the first two hundred epochs, to many digits; then rounding
takes over. So a hundred epochs are compared, strictly, and nothing is ever trained to the end.
"""

from grader.kinds.trajectory.judge import judge
from grader.kinds.trajectory.question import TrajectoryParams, probes
from grader.model.kind import Kind
from grader.training.calls import asks_for_function

KIND = Kind(
    params=TrajectoryParams,
    asks=asks_for_function,
    probes=probes,
    judge=judge,
)
