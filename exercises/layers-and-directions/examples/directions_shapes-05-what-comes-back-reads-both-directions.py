# title: What comes back reads both directions
# verdict: partial
# fraction: 4/5
# codes: wrong-size

directions_shapes = dict(U_r=(5, 3), W_l=(5, 10), b_l=5, V=(2, 10), c=2)
