# title: Tuples
# verdict: correct
# fraction: 1

c_i = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}
