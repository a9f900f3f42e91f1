# title: Tuples
# verdict: correct
# fraction: 1

shapes = dict(U=({n_h}, {n_in}), W=({n_h}, {n_h}), b=({n_h},), V=({n_out}, {n_h}), c=({n_out},))
