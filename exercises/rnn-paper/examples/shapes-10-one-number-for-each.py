# title: One number for each
# verdict: partial
# fraction: 2/5
# codes: number-of-axes
# diagnoses: one-size-for-two

shapes = dict(U={n_h} * {n_in}, W={n_h} * {n_h}, b={n_h}, V={n_out} * {n_h}, c={n_out})
