# title: Worked out, and by names
# verdict: correct
# fraction: 1

directions_shapes = {"U_r": "n_h x n_in", "W_l": "n_h x n_h", "b_l": "n_h", "V": ("n_out", "2*5"), "c": "n_out"}
