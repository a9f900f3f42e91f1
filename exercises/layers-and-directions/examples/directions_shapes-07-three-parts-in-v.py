# title: Three parts in V
# verdict: partial
# fraction: 4/5
# diagnoses: parts-miscounted

directions_shapes = dict(U_r=(5, 3), W_l=(5, 5), b_l=5, V=(2, 15), c=2)
