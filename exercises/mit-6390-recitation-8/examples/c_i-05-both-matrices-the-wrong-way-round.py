# title: Both matrices the wrong way round
# verdict: partial
# fraction: 1/2

c_i = {"Wssx": (5, 2), "Wox": (5, 4), "z1": (5, 1), "z2": (5, 1)}
