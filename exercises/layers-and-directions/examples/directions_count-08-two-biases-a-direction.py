# title: Two biases a direction
# verdict: incorrect
# diagnoses: two-hidden-biases

directions_count = "2*n_h*(n_in + n_h + 2) + n_out*(2*n_h + 1)"
