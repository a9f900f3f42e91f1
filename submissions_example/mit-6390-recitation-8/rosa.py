import sympy

EXERCISE = "mit-6390-recitation-8"

lam = sympy.Symbol("lam")

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (3, 1), "z2": (4, 1)}
a_ii = {"g1": [2, 2, 2, 2]}
# lam is how much of the last x[1] stays; any value should do?
b_i = dict(s0=[0, 0], Wss=[[lam, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
b_ii = dict(  # answered with the job of 1(b)i in mind
    s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]],
)
c_ii = dict(possible=True, s0=[0], Wssx=[[1, 1, 1, 1]], Wox=[[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]])
c_iii = dict(possible="yes", state_size=4, s0=[0, 0, 0, "1/2"], Wss=sympy.diag(0, 0, 0, 1), Wsx=[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], Wo=sympy.eye(4))


def to_rnn_a(s0, Wssx, Wox):
    k = len(Wssx[0])
    grow = []
    while True:                     # pad until square
        grow.append(bytearray(50_000_000))
        if len(grow) == k:
            grow.clear()
