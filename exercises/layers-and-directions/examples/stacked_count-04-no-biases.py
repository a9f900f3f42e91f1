# title: No biases
# verdict: partial
# fraction: 1/4
# diagnoses: biases-missing

stacked_count = "n_1*(n_in + n_1) + n_2*(n_1 + n_2) + n_out*n_2"
