from fractions import Fraction as F

EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": (4, 1)}
a_ii = {"g1": [3, 3, 3, 3]}                # s1 = (3, 3)
# 0.5 so that it does not blow up
b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, F(1, 2)]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
b_ii = dict(possible=True)
c_i = {"Wssx": (2, 5), "Wox": (4, 2), "z1": (5, 1), "z2": (2, 1)}
c_ii = dict(                                # s0 = (0, 1) wakes up the second state, which row 4 reads
    s0=[0, 1],
    Wssx=[[1, 0, 1, 1, 1], [0, F(1, 2), 0, 0, 0]],
    Wox=[[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 1, 0, 0, 0]],
)
c_iii = dict(                               # the sum takes in x one step late
    possible=True, state_size=4, s0=[0, 0, 0, 0],
    Wss=[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]],
    Wsx=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]],
    Wo=[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
)
