# title: W reads the input
# verdict: partial
# fraction: 4/5
# codes: wrong-size

shapes = dict(U=({n_h}, {n_in}), W=({n_h}, {n_in}), b=({n_h},), V=({n_out}, {n_h}), c=({n_out},))
