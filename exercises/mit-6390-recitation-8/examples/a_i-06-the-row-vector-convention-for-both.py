# title: The row-vector convention for both rectangular matrices
# verdict: partial
# fraction: 3/5

# s @ Wss + x @ Wsx
a_i = {"Wss": (2, 2), "Wsx": (3, 2), "Wo": (2, 4), "z1": (2, 1), "z2": (4, 1)}
