# title: One direction
# verdict: incorrect
# diagnoses: direction-counted-once

directions_count = "n_h*(n_in + n_h + 1) + n_out*(n_h + 1)"
