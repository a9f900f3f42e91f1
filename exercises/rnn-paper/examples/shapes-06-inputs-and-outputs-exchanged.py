# title: Inputs and outputs exchanged
# verdict: partial
# fraction: 2/5
# codes: wrong-size
# diagnoses: sizes-exchanged

shapes = dict(U=({n_h}, {n_out}), W=({n_h}, {n_h}), b=({n_h},), V=({n_in}, {n_h}), c=({n_in},))
