# title: V transposed
# verdict: partial
# fraction: 4/5
# codes: axes-swapped
# diagnoses: matrix-transposed

directions_shapes = dict(U_r=(5, 3), W_l=(5, 5), b_l=5, V=(10, 2), c=2)
