# title: One number for a matrix, and a bias as a row
# verdict: partial
# fraction: 3/4
# codes: number-of-axes, row-for-column
# diagnoses: one-size-for-two, row-for-column

stacked_shapes = {"U1": "n_1*n_in", "W1": "n_1", "b1": "1 x n_1", "U2": "n_2 x n_1", "W2": "n_2 x n_2", "b2": "n_2", "V": "n_out x n_2", "c": "n_out"}
