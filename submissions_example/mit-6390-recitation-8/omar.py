import numpy as np

EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": (3, 3), "Wsx": (3, 2), "Wo": (4, 3), "z1": (3, 1), "z2": (3, 1)}
a_ii = {"g1": [6, 6, 6, 5]}
# kept the weights of 1(a)ii
b_i = dict(s0=np.zeros(2), Wss=np.ones((2, 2)), Wsx=np.ones((2, 3)), Wo=np.ones((4, 2)))
b_ii = dict(possible=False, certificate=[[[1, 0, 0]], [[0, 1, 0]], [[3, 0, 0]]])
c_i = {"Wssx": (2, 2), "Wox": (4, 2), "z1": (2, 1), "z2": (4, 1)}
# row 4 left for later
c_ii = dict(
    s0=np.zeros(2),
    Wssx=np.zeros((2, 5)),
    Wox=np.hstack([np.zeros((4, 2)), np.vstack([np.eye(3), np.zeros((1, 3))])]),
)
c_iii = dict(  # one state too generous: it also grows with s0
    state_size=5,
    s0=[0, 0, 0, 0, 1],
    Wss=np.array([[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 2]]),
    Wsx=np.vstack([np.eye(3), np.ones((1, 3)), np.zeros((1, 3))]),
    Wo=np.hstack([np.eye(4), np.ones((4, 1))]),
)


def to_rnn_a(s0, Wssx, Wox):
    A, B, C, D = Wssx[:, :2], Wssx[:, 2:], Wox[:, :2], Wox[:, 2:]
    Wss = np.zeros((5, 5))
    Wss[:2, :2] = A
    return np.r_[s0, 0, 0, 0], Wss, np.vstack([B, np.eye(3)]), np.hstack([C, D])
