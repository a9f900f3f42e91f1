# title: At least one, and both
# verdict: correct
# fraction: 1

parity = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -2], V=[[1, -1]], c=[-1])
