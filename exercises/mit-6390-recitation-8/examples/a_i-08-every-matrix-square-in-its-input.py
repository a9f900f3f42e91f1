# title: Every matrix square in its input
# verdict: partial
# fraction: 3/5

a_i = {"Wss": (2, 2), "Wsx": (3, 3), "Wo": (2, 2), "z1": (2, 1), "z2": (4, 1)}
