# title: Sizes added
# verdict: incorrect
# diagnoses: sizes-added

directions_count = "2*(n_h + n_in) + 2*(n_h + n_h) + 2*n_h + 2*(n_out + n_h) + n_out"
