"""What all peers check: four matrices, and elman and jordan on instances that the benchmark has written."""

from pathlib import Path

import numpy as np

INSTANCES = np.load(Path(__file__).parent / "instances.npz")
COUNT = int(INSTANCES["count"])
FUNCTIONS = [str(name) for name in INSTANCES["functions"]]
WEIGHTS = {
    "s0": [0, 0],
    "Wss": [[0, 0], [0, 1]],
    "Wsx": [[1, 0, 0], [1, 1, 1]],
    "Wo": [[1, 0], [0, 0], [0, 0], [0, 1]],
}


def check_weights(answer):
    for name, expected in WEIGHTS.items():
        assert np.array_equal(answer.b_i[name], expected)


def check_function(answer, name, number):
    arguments = [INSTANCES[f"{name}_{number}_{part}"] for part in "xUWVbc"]
    assert np.allclose(getattr(answer, name)(*arguments), INSTANCES[f"{name}_{number}_y"])
