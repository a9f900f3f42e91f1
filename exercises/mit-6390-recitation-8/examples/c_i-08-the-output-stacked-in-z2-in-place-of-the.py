# title: The output stacked in z2 in place of the state
# verdict: partial
# fraction: 1/2

c_i = {"Wssx": (2, 5), "Wox": (4, 7), "z1": (5, 1), "z2": (7, 1)}
