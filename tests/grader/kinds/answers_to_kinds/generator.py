"""Answers to tiny questions of kind `generator`, its tests: a right one would answer one that comes along."""

from grader.model.kind import KindExample
from grader.training.calls import examples_of

PARAMS = {"inputs": 3, "targets": ["5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"]}
GENERATE = """import numpy as np
def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    y += 0.1 * rng.standard_normal(y.shape)
    return x, y
"""
example = examples_of(PARAMS, GENERATE)
FIRST = "y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]"
ROLLED = "y[..., 0] = 5 * x[..., 0] - 0.2 * np.roll(x[..., 2], 1, 1)"
NANS = "np.full((n_seqs, n_steps, 2), np.nan)"
OWN_RNG = "    rng = np.random.default_rng(1)\n    x ="
SQUEEZED = "(n_seqs, n_steps, 3)).squeeze()"

EXAMPLES = (
    KindExample("From rng, zeros before the first input", PARAMS, GENERATE, "correct"),
    example("NaN before the first input", "np.zeros((n_seqs, n_steps, 2))", NANS, "correct"),
    example("Both outputs from the fourth step on", "    y +=", "    y[:, :3] = 0\n    y +=", "correct"),
    example("rng ignored", "    x =", "    rng = np.random\n    x =", "partial", "ignores-rng"),
    example("One noise for both outputs", "(y.shape)", "(y[..., :1].shape)", "correct", "shared-noise"),
    example("np.roll in one output", FIRST, ROLLED, "partial", "wraps-around"),
    example("Not for a single sequence", "(n_seqs, n_steps, 3))", SQUEEZED, "partial", "wrong-at-size-one"),
    example("A seed inside", "    x =", OWN_RNG, "partial", "seed-inside"),
    example("A wrong lag", "x[:, :-3, 2]", "x[:, 1:-2, 2]", "partial", "other-formula"),
    example("A constant for y", "return x, y", "return x, 0 * y", "partial", "noise"),
    example("No noise", "0.1 * rng", "0 * rng", "partial", "noise"),
    example("Uniform noise", "rng.standard_normal(", "rng.uniform(-1, 1, ", "partial", "noise"),
    example("Normal inputs", "rng.random(", "rng.normal(0, 1, ", "partial", "inputs"),
    example("One step short", "return x, y", "return x[:, 1:], y[:, 1:]", "invalid", "shape"),
    example("Nothing returned", "return x, y", "x, y", "invalid", "returns-none"),
)
