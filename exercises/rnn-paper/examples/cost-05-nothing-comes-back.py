# title: Nothing comes back
# verdict: incorrect
# diagnoses: recurrent-weights-missing

cost = "n_h*(n_in + 1) + n_out*(n_h + 1)"
