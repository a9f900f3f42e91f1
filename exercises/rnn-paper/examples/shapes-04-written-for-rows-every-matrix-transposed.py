# title: Written for rows: every matrix transposed
# verdict: partial
# fraction: 3/5
# diagnoses: row-vector-convention

shapes = dict(U=({n_in}, {n_h}), W=({n_h}, {n_h}), b=({n_h},), V=({n_h}, {n_out}), c=({n_out},))
