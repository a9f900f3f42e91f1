# title: Two biases in the state
# verdict: incorrect
# diagnoses: two-hidden-biases

cost = "n_h*(n_in + n_h + 2) + n_out*(n_h + 1)"
