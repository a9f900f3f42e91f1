# title: Tuples
# verdict: correct
# fraction: 1

directions_shapes = dict(U_r=(5, 3), W_l=(5, 5), b_l=(5,), V=(2, 10), c=(2,))
