# title: The output layer forgotten
# verdict: partial
# fraction: 1/4
# diagnoses: output-layer-missing

stacked_count = "n_1*(n_in + n_1 + 1) + n_2*(n_1 + n_2 + 1)"
