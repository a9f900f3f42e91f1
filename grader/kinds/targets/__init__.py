"""A function that makes clean targets from inputs, compared with the formulas step by step."""

from grader.kinds.targets.judge import judge
from grader.kinds.targets.question import TargetsParams, probes
from grader.model.kind import Kind
from grader.training.calls import asks_for_function

KIND = Kind(
    params=TargetsParams,
    asks=asks_for_function,
    probes=probes,
    judge=judge,
)
