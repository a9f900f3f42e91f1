# title: z taken for what comes out, as in RNN-A
# verdict: partial
# fraction: 1/2

c_i = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (2, 1), "z2": (4, 1)}
