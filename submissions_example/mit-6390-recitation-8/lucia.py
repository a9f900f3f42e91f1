import numpy as np

EXERCISE = "mit-6390-recitation-8"

# in my other course x is a row: s = s @ Wss + x @ Wsx
a_i = {"Wss": (2, 2), "Wsx": (3, 2), "Wo": (2, 4), "z1": (1, 2), "z2": (1, 4)}
a_ii = {"g1": np.array([[6, 6, 6, 6]])}
b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 1], [0, 1], [0, 1]], Wo=[[1, 0, 0, 0], [0, 0, 0, 1]])
b_ii = dict(possible="False", certificate={"rows": [(0, 1), (0, 2)], "cols": [(0, 1), (0, 2)]})
c_i = {"Wssx": (2, 5), "Wox": (4, 7), "z1": (5, 1), "z2": (7, 1)}
# x above s
c_ii = dict(
    possible=True,
    s0=np.zeros(2),
    Wssx=[[1, 1, 1, 1, 0], [0, 0, 0, 0, 0]],
    Wox=[[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]],
)
c_iii = dict(  # the roles of Wss and Wsx are mixed up: what is kept stands where x comes in
    possible=True,
    state_size=3,
    s0=[0, 0, 0],
    Wss=[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    Wsx=[[0, 0, 0], [0, 0, 0], [1, 1, 1]],
    Wo=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]],
)


def to_rnn_a(s0, Wssx, Wox):
    k = Wssx.shape[1]
    return np.zeros(k), np.eye(k), np.vstack([Wssx[:, len(s0):], np.eye(k - len(s0))]), Wox
