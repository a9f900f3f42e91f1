EXERCISE = "mit-6390-recitation-8"

# 1(a)
a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": (4, 1)}

# s1 = Wss s0 + Wsx x1 = (1+1, 1+1) + (1, 1) = (3, 3);  g1 = 3 + 3 in every row
a_ii = {"g1": [6, 6, 6, 6]}

# 1(b): state = (x[1] of now, sum so far)
b_i = dict(
    s0=[0, 0],
    Wss=[[0, 0], [0, 1]],
    Wsx=[[1, 0, 0], [1, 1, 1]],
    Wo=[[1, 0], [0, 0], [0, 0], [0, 1]],
)

b_ii = dict(
    possible=False,
    # three one-step inputs whose outputs are independent; Wo s1 only reaches a plane
    certificate=[[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]],
    state_size=4,
    reason="g_1 = Wo s_1 lies in the 2-dimensional column space of Wo, but e1, e2, e3 need 3 dimensions",
)

# 1(c)
c_i = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}

c_ii = dict(
    possible=True,
    s0=[0, 0],
    Wssx=[[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    Wox=[[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
)

c_iii = dict(
    possible=True,
    state_size=4,
    s0=[0, 0, 0, 0],
    Wss=[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]],
    Wsx=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
    Wo=[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
)


def to_rnn_a(s0, Wssx, Wox):
    n = len(s0)
    m = len(Wssx[0]) - n
    Wss = [list(row[:n]) + [0] * m for row in Wssx] + [[0] * (n + m)] * m
    Wsx = [list(row[n:]) for row in Wssx] + [[int(i == j) for j in range(m)] for i in range(m)]
    return list(s0) + [0] * m, Wss, Wsx, Wox
