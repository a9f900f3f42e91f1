# title: Matrix by matrix
# verdict: correct
# fraction: 1

cost = dict(parameters="n_h*n_in + n_h^2 + n_h + n_out*n_h + n_out")
