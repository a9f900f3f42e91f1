# title: One layer
# verdict: partial
# fraction: 1/4
# diagnoses: layer-missing

stacked_count = "n_1*(n_in + n_1 + 1) + n_out*(n_2 + 1)"
