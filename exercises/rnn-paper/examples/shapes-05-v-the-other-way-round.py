# title: V the other way round
# verdict: partial
# fraction: 4/5
# codes: axes-swapped
# diagnoses: matrix-transposed

shapes = dict(U=({n_h}, {n_in}), W=({n_h}, {n_h}), b=({n_h},), V=({n_h}, {n_out}), c=({n_out},))
