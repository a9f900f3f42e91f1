# title: The first unit alone is fed back
# verdict: incorrect
# codes: counterexample

parity = dict(U=[[1], [1]], W=[[1, 0], [1, 0]], b=[-1, -2], V=[[1, -1]], c=[-1])
