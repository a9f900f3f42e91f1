# title: Text
# verdict: correct
# fraction: 1

directions_shapes = {"U_r": "5x3", "W_l": "5 × 5", "b_l": "5", "V": "2 by 10", "c": "2 x 1"}
