# title: Written for rows: every matrix transposed
# verdict: partial
# fraction: 5/8
# diagnoses: row-vector-convention

stacked_shapes = {"U1": "n_in x n_1", "W1": "n_1 x n_1", "b1": "n_1", "U2": "n_1 x n_2", "W2": "n_2 x n_2", "b2": "n_2", "V": "n_2 x n_out", "c": "n_out"}
