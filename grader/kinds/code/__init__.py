"""A student's code of any network against the right one, from the smallest inputs to the largest."""

from grader.kinds.code.judge import judge
from grader.kinds.code.question import CodeParams, asks, probes
from grader.model.kind import Kind

KIND = Kind(
    params=CodeParams,
    asks=asks,
    judge=judge,
    probes=probes,
)
