# title: The output reads one direction
# verdict: incorrect
# diagnoses: one-direction-read

directions_count = "2*n_h*(n_in + n_h + 1) + n_out*(n_h + 1)"
