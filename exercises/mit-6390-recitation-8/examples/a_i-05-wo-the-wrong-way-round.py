# title: Wo the wrong way round
# verdict: partial
# fraction: 4/5

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (2, 4), "z1": (2, 1), "z2": (4, 1)}
