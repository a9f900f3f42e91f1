# title: The second layer reads the input
# verdict: partial
# fraction: 1/4
# diagnoses: layer-reads-input

stacked_count = "n_1*(n_in + n_1 + 1) + n_2*(n_in + n_2 + 1) + n_out*(n_2 + 1)"
