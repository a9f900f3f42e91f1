# title: No biases
# verdict: incorrect
# diagnoses: biases-missing

directions_count = "2*n_h*(n_in + n_h) + 2*n_out*n_h"
