# title: Matrix by matrix
# verdict: correct
# fraction: 1

count = "n_in*n_h + n_h^2 + n_h + n_h*n_out + n_out"
