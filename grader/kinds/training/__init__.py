"""Weights of a trained network: the grader runs it on sequences that nobody has seen.

The mark comes from bands of R, the error over that of constant outputs. Nothing is retrained, and where the
network went wrong in a known way the report says in which.
"""

from grader.kinds.training.judge import judge, own_network
from grader.kinds.training.question import TrainingParams, asks
from grader.model.kind import Kind, KindExample

HIGH_LOW = {
    "inputs": 1,
    "targets": ["x[1]"],
    "hidden": 1,
    "stream": "example/1",
    "constant": [0.083],
    "linear": [0.0],
    "bands": [{"up_to": 0.05, "share": "1"}, {"up_to": 0.5, "share": "1/2"}],
    "n_seqs": 8,
    "n_steps": 20,
}
TWO = {**HIGH_LOW, "targets": ["x[1]", "0"], "constant": [0.083, 0.083], "linear": [0.0, 0.0]}
FOLLOWS = "q = dict(U=[[0.1]], W=[[0]], V=[[10]], b=[0], c=[0])"
NO_BIASES = "weights = dict(U=[[0.1]], W=[[0]], V=[[10]])"
BY_HALF = "q = dict(U=[[0.1]], W=[[0]], V=[[5]], b=[0], c=[0.25])"
UNTRAINED = "q = dict(U=[[0.1]], W=[[0]], V=[[-3]], b=[0], c=[0])"
SWAPPED = "q = dict(U=[[0.1]], W=[[0]], V=[[0, 10]], b=[0], c=[0, 0])"
LARGER = "q = dict(U=[[0.1, 0]], W=[[0, 0], [0, 0]], V=[[10], [0]], b=[0, 0], c=[0])"
NAN = "q = dict(U=[[float('nan')]], W=[[0]], V=[[10]], b=[0], c=[0])"
NO_NETWORK = "q = dict(U=[[0.1]], W=[[0, 1, 2]], V=[[10]], b=[0], c=[0])"
BARE = "The same under the name weights, without its zero biases"

KIND = Kind(
    params=TrainingParams,
    asks=asks,
    judge=judge,
    own_network=own_network,
    examples=(
        KindExample("A network that follows its input", HIGH_LOW, FOLLOWS, "correct", "error"),
        KindExample(BARE, HIGH_LOW, NO_BIASES, "correct", "missing-bias"),
        KindExample("Learned by half", HIGH_LOW, BY_HALF, "partial", "train-longer"),
        KindExample("Before training", HIGH_LOW, UNTRAINED, "incorrect", "untrained"),
        KindExample("Outputs in the wrong order", TWO, SWAPPED, "partial", "error"),
        KindExample("More hidden neurons than asked for", HIGH_LOW, LARGER, "partial", "hidden-size"),
        KindExample("NaN after a diverged training", HIGH_LOW, NAN, "invalid", "not-finite"),
        KindExample("Not a network", HIGH_LOW, NO_NETWORK, "invalid", "shape"),
    ),
)
