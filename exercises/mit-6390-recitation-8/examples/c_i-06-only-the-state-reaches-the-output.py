# title: Only the state reaches the output
# verdict: partial
# fraction: 1/2

c_i = {"Wssx": (2, 5), "Wox": (4, 2), "z1": (5, 1), "z2": (2, 1)}
