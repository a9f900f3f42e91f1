# title: The output reads both layers
# verdict: partial
# fraction: 7/8
# diagnoses: stack-of-other-parts

stacked_shapes = {"U1": "n_1 x n_in", "W1": "n_1 x n_1", "b1": "n_1", "U2": "n_2 x n_1", "W2": "n_2 x n_2", "b2": "n_2", "V": "n_out x n_1 + n_2", "c": "n_out"}
