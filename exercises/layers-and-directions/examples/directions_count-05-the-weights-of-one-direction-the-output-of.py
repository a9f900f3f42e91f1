# title: The weights of one direction, the output of two
# verdict: incorrect
# diagnoses: direction-counted-once

directions_count = "n_h*(n_in + n_h + 1) + n_out*(2*n_h + 1)"
