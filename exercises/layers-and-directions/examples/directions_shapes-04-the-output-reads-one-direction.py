# title: The output reads one direction
# verdict: partial
# fraction: 4/5
# diagnoses: parts-counted-once

directions_shapes = dict(U_r=(5, 3), W_l=(5, 5), b_l=5, V=(2, 5), c=2)
