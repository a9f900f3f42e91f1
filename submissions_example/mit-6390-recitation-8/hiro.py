import numpy as np

EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": (4, 1)}
a_ii = {"g1": [6, 6, 6, 6]}
b_i = dict(s0=[0, 0], Wss=[[1, 0], [0, 0]], Wsx=[[1, 1, 1], [1, 0, 0]], Wo=[[0, 1], [0, 0], [0, 0], [1, 0]])
b_ii = dict(possible=False, required_rank=4, max_rank=2)
c_i = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}
# the second state keeps x[1] of this step; it need not
c_ii = dict(
    s0=[0, 3],
    Wssx=[[1, 0, 1, 1, 1], [0, 0, 1, 0, 0]],
    Wox=[[0, 1, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
)


# smallest state: try sizes until one fits
def to_rnn_a(s0, Wssx, Wox):
    size = len(s0)
    while True:
        if np.linalg.matrix_rank(Wox) > size + len(Wox):
            break
    return s0, Wssx[:, :size], Wssx[:, size:], Wox


c_iii = dict(
    state_size=5,
    s0=np.zeros(5),
    Wss=np.diag([1, 0, 0, 0, 0]),
    Wsx=np.vstack([np.ones(3), np.zeros(3), np.eye(3)]),
    Wo=np.array([[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]]),
)
