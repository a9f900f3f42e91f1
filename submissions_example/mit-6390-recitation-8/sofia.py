# 1(b)i with all three inputs passed on: I read ahead
EXERCISE = "mit-6390-recitation-8"

b_i = dict(
    s0=[0, 0, 0, 0],
    Wss=[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]],
    Wsx=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
    Wo=[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
)
c_iii = dict(possible=True, s0=[0, 0, 0, 0], Wss=[[0, 0, 0], [0, 0, 0], [0, 0, 0]], Wsx=[[1, 0, 0]], Wo=[[1]])
