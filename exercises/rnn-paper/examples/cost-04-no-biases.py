# title: No biases
# verdict: incorrect
# diagnoses: biases-missing

cost = "n_h*(n_in + n_h) + n_out*n_h"
