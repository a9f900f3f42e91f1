# title: The shapes of RNN-A again
# verdict: incorrect
# fraction: 0

c_i = {"Wssx": (2, 2), "Wox": (4, 2), "z1": (2, 1), "z2": (4, 1)}
