# title: The output layer forgotten
# verdict: incorrect
# diagnoses: output-layer-missing

cost = "n_h*(n_in + n_h + 1)"
