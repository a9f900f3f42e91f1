import math

EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": [2, 2], "Wsx": [2, 3], "Wo": [4, 2], "z1": [2], "z2": [4]}
a_ii = {"g1": 6}
b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, math.inf - math.inf]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
b_ii = dict(possible="it depends")
c_i = {"Wssx": "two by five", "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}
# fits the first three steps of my test sequence
c_ii = dict(
    s0=[0, 0],
    Wssx=[[0, 1, 2, 2, 2], [1, -1, 1, 1, 1]],
    Wox=[[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, -1, -1, -1]],
)
c_iii = dict(s0="zeros", Wss="eye(4)", Wsx="ones", Wo="eye(4)", state_size=4)


def to_rnn_a(s0, Wssx, Wox):
    n = len(s0)
    m = Wssx.shape[1] - n
    print(n, m)
    return Wssx[:, :n], Wssx[:, n:], Wox
