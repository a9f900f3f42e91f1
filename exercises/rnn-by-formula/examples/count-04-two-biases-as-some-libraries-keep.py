# title: Two biases, as some libraries keep
# verdict: incorrect
# diagnoses: two-hidden-biases

count = {"parameters": "n_h*(n_in + n_h + 2) + n_out*(n_h + 1)"}
