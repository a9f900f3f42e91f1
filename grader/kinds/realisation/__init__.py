"""A function that turns any RNN-B into an RNN-A that does the same.

It is called on networks of growing size; what it returns is decided as a network, for all inputs of all
lengths, so any construction counts. That it is right for every RNN-B is tested, not proved.
"""

from __future__ import annotations

from grader.kinds.realisation import judge, question
from grader.model.kind import Kind

KIND = Kind(
    params=question.RealisationParams,
    asks=question.asks,
    probes=question.probes,
    judge=judge.judge,
)
