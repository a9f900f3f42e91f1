# title: The output layer forgotten
# verdict: incorrect

cost = "n_h*(n_in + n_h + 1)"
