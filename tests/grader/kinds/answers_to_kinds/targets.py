"""Answers to tiny questions of kind `targets`, its tests: a right one would answer one that comes along."""

from grader.model.kind import KindExample
from grader.training.calls import examples_of

PARAMS = {
    "inputs": 3,
    "targets": ["5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"],
    "mistakes": [
        {
            "id": "coefficient-dropped",
            "targets": ["5*x[1] - delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"],
            "message": "The coefficient of x3(t-1) is missing, as in the printed code.",
            "share": "3/4",
        }
    ],
}
TARGETS = """import numpy as np
def make_targets(x):
    y = np.zeros((*x.shape[:2], 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    return y
"""
example = examples_of(PARAMS, TARGETS)
AT_END = "    return y"
NOISY = "return y + 0.1 * np.random.randn(*y.shape)"

EXAMPLES = (
    KindExample("Zeros before the first input", PARAMS, TARGETS, "correct"),
    example("Whatever stands before the first input", "np.zeros(", "7 + np.zeros(", "correct"),
    example("NaN before the first input", "np.zeros(", "np.nan * np.zeros(", "correct"),
    example(
        "Memory as it was before the first input",
        AT_END,
        f"    y[:, 0] = np.random.rand(2)\n{AT_END}",
        "correct",
    ),
    example(
        "NaN where all inputs exist", AT_END, f"    y[:, -1] = np.nan\n{AT_END}", "invalid", "not-finite"
    ),
    example("Lists, float32", "return y", "return y.astype('f').tolist()", "correct"),
    example("The printed code", "0.2 * ", "", "partial", "other-formula"),
    example("A wrong lag", "x[:, :-3, 2]", "x[:, 1:-2, 2]", "partial", "other-formula"),
    example("With noise", "return y", NOISY, "partial", "adds-noise"),
    example("Rounded", "return y", "return y.round(2)", "incorrect", "not-exact"),
    example("All zero", "return y", "return 0 * y", "incorrect"),
    example("Time first", "return y", "return y.swapaxes(0, 1)", "invalid", "shape"),
    example("Nothing returned", "return y", "y", "invalid", "returns-none"),
)
