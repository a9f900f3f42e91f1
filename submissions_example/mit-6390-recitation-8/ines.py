# ran out of time after 1(b)i, sorry
EXERCISE = "mit-6390-recitation-8"

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2)}

a_ii = {"g1": [6, 6, 6]}

b_i = dict(
    s0=[1, 1],            # as in 1(a)ii
    Wss=[[0, 0], [0, 1]],
    Wsx=[[1, 0, 0], [1, 1, 1]],
    Wo=[[1, 0], [0, 0], [0, 0], [0, 1]],
)

b_ii = None
