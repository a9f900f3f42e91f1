# title: Two directions and an output layer
# verdict: correct
# fraction: 1

directions_count = "2*n_h*(n_in + n_h + 1) + n_out*(2*n_h + 1)"
