# title: Matrix by matrix
# verdict: correct
# fraction: 1

stacked_count = {"parameters": "n_1*n_in + n_1^2 + n_1 + n_2*n_1 + n_2^2 + n_2 + n_out*n_2 + n_out"}
