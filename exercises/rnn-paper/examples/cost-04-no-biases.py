# title: No biases
# verdict: incorrect

cost = "n_h*(n_in + n_h) + n_out*n_h"
