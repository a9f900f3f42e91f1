# title: An output that is always on
# verdict: incorrect
# fraction: 0
# codes: constant-output

parity = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -2], V=[[0, 0]], c=0)
