# title: Nothing in particular
# verdict: incorrect
# codes: counterexample

stacked_count = "n_in*n_1*n_2*n_out"
