# title: Two biases in each recurrent layer, and none in the output
# verdict: partial
# fraction: 1/16
# diagnoses: output-bias-missing-and-two-hidden-biases

stacked_count = "n_1*(n_in + n_1 + 2) + n_2*(n_1 + n_2 + 2) + n_out*n_2"
