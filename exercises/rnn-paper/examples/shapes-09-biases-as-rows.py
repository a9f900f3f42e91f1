# title: Biases as rows
# verdict: partial
# fraction: 3/5
# diagnoses: row-for-column

shapes = dict(U=({n_h}, {n_in}), W=({n_h}, {n_h}), b=(1, {n_h}), V=({n_out}, {n_h}), c=(1, {n_out}))
