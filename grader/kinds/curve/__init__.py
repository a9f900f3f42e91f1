"""A loss curve: weak evidence, so a small share of the marks, and mostly remarks."""

from grader.kinds.curve.judge import CurveParams, asks, judge
from grader.model.kind import Kind, KindExample

PARAMS = {
    "inputs": 1,
    "targets": ["9*x[1]"],
    "start": [55, 100],
    "floor": 0.012,
    "low": 0.4,
    "slow": 4.5,
    "weights": "q_weights",
}
OTHER_RUN = "q = dict(losses=[75, 5, 1])\nq_weights = dict(U=[[0]], W=[[0]], V=[[0]], b=[0], c=[0])"
LATE_START = "q = dict(losses=[3.8, 1.7, 1.2, 1.3, 0.9], every=1000)"


def example(title: str, answer: str, verdict: str, code: str | None = None) -> KindExample:
    """An example: an answer to the question above."""
    return KindExample(title, PARAMS, answer, verdict, code)


KIND = Kind(
    params=CurveParams,
    asks=asks,
    judge=judge,
    examples=(
        example("It falls, with a jump", "q = dict(losses=[75, 20, 3, 5, 1], every=100)", "correct"),
        example("Half the cost is logged", "q = dict(losses=[37.5, 10, 0.5])", "correct", "other-scale"),
        example("A slow end", "q = dict(losses=[75, 20, 16], every=50)", "correct", "slow"),
        example("It does not fall", "q = dict(losses=[75, 74, 73])", "incorrect", "does-not-fall"),
        example("It diverges", "q = dict(losses=[75, 1e9, float('nan')])", "incorrect", "not-finite"),
        example("Below the noise", "q = dict(losses=[75, 1, 1e-5])", "incorrect", "below-noise"),
        example("The weights are of another run", OTHER_RUN, "partial", "other-weights"),
        example("Its first epochs left out", LATE_START, "partial", "unusual-start"),
        example("Two numbers", "q = dict(losses=[2, 1])", "incorrect", "unusual-start"),
        example(
            "The epochs beside the losses", "q = dict(losses=[[0, 75], [1, 20], [2, 3]])", "invalid", "shape"
        ),
        example("A single number", "q = dict(losses=[0.9])", "invalid", "number-of-losses"),
    ),
)
