# title: Tuples, one shape as a string
# verdict: correct
# fraction: 1

a_i = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": "4x1"}
