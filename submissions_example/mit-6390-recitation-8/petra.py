EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": "2 × 2", "Wsx": "2 × 3", "Wo": "4 × 2", "z1": "2 × 1", "z2": "4 × 1"}
a_ii = {"g1": [6.0, 6.0, 6.0, 6.0]}
# works, I checked, with three states
b_i = dict(
    s0=[0, 0, 0],
    Wss=[[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    Wsx=[[1, 0, 0], [1, 1, 1], [0, 0, 0]],
    Wo=[[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0]],
)
b_ii = dict(possible=False, certificate=[[[1, 1, 0]], [[0, 1, 1]], [[0, 0, 2], [1, 0, 1]]], reason="see lecture 9")
c_i = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}
# minus the sum
c_ii = dict(
    s0=[0, 0],
    Wssx=[[1, 0, -1, -1, -1], [0, 0, 0, 0, 0]],
    Wox=[[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
)
# row 1 picks up the sum as well
c_iii = dict(
    s0=[0, 0, 0, 0],
    Wss=[[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]],
    Wsx=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
    Wo=[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
)


def to_rnn_a(s0, Wssx, Wox):
    raise NotImplementedError("no idea")
