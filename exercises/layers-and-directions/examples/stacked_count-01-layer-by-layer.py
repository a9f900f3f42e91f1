# title: Layer by layer
# verdict: correct
# fraction: 1

stacked_count = "n_1*(n_in + n_1 + 1) + n_2*(n_1 + n_2 + 1) + n_out*(n_2 + 1)"
