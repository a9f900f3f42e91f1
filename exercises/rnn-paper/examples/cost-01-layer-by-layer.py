# title: Layer by layer
# verdict: correct
# fraction: 1

cost = "n_h*(n_in + n_h + 1) + n_out*(n_h + 1)"
