# title: The bias of the output has the length of the state
# verdict: partial
# fraction: 4/5
# codes: wrong-size

shapes = dict(U=({n_h}, {n_in}), W=({n_h}, {n_h}), b=({n_h},), V=({n_out}, {n_h}), c=({n_h}, 1))
