EXERCISE = "mit-6390-recitation-8"

A_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": (4, 1)}
aii = {"g1": [6, 6, 6, 6]}
b_1 = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
b_ii = dict(possible=False, required_rank=3, max_rank=2)
c_i = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}


def to_rnna(s0, Wssx, Wox):
    return s0, Wssx, Wssx, Wox
