EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": (2, 2), "Wsx": (3, 3), "Wo": (2, 2), "z1": (2, 1), "z2": (4, 1)}
a_ii = {"g1": [10, 10, 10, 10]}
b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, -1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
# "yes": each output may mix both states
b_ii = dict(
    possible=True,
    s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [-1, 1], [-1, 1], [0, 1]],
)
c_i = {"Wssx": "2x5", "Wox": "4x5", "z1": "3x2", "z2": "3x2"}
# the sum of all inputs BEFORE this one: row 4 takes s one step too early
c_ii = dict(
    possible=True,
    s0=[0, 0],
    Wssx=[[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    Wox=[[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, -1, -1, -1]],
)
c_iii = dict(  # first three outputs in the wrong rows
    state_size=4,
    s0=[0, 0, 0, 0],
    Wss=[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]],
    Wsx=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
    Wo=[[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]],
)


def to_rnn_a(s0, Wssx, Wox):
    import numpy as np
    n, k = Wssx.shape
    Wss = np.zeros((k, k))
    Wss[:n, :n] = Wssx[:, :n]
    return np.zeros(k), Wss, np.vstack([Wssx[:, n:], np.eye(k - n)]), Wox
