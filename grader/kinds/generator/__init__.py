"""A function that draws training data: inputs, targets and noise, judged by bounds that hold for all luck.

It is asked for so many sequences that honest data never fail and every known mistake shows.
"""

from grader.kinds.generator.judge import judge
from grader.kinds.generator.question import GeneratorParams, probes
from grader.model.kind import Kind
from grader.training.calls import asks_for_function

KIND = Kind(
    params=GeneratorParams,
    asks=asks_for_function,
    probes=probes,
    judge=judge,
)
