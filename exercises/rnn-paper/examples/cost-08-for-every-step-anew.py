# title: For every step anew
# verdict: incorrect

cost = "20*(n_h*(n_in + n_h + 1) + n_out*(n_h + 1))"
