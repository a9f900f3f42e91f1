"""A function that makes one step of Adam.

It is called for steps of many runs, in no order and two of them twice, with gradients from 1e-9 to 1e4. What
it makes of parameters and moments is held against the accepted forms and, where it is none of them, against
every known mistake.
"""

from grader.kinds.optimizer.judge import judge
from grader.kinds.optimizer.question import OptimizerParams, probes
from grader.model.kind import Kind
from grader.training.calls import asks_for_function

KIND = Kind(
    params=OptimizerParams,
    asks=asks_for_function,
    probes=probes,
    judge=judge,
)
