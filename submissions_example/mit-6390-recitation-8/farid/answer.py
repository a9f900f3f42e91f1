# shapes are in shapes.json, the weights of (b) in weights.npz, this is the rest
EXERCISE = "mit-6390-recitation-8"

a_ii = {"g1": [6, 6, 6, 6]}
b_ii = {"possible": False, "state_size": 3}   # one state for each of x1, x2, x3; the sum can be had from them

c_ii = {
    "s0": [1, 0],
    "Wssx": [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
}

c_iii = {
    "possible": True,
    "state_size": 3,
    "s0": [0, 0, 0],
    "Wss": [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
    "Wsx": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "Wo": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
}


def to_rnn_a(s0, Wssx, Wox):
    n = len(s0)
    return s0, Wssx[:, :n], Wssx[:, n:], Wox[:, :n]
