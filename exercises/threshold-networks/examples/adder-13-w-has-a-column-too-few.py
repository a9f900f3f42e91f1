# title: W has a column too few
# verdict: invalid
# codes: shape

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1], [0, 1], [0, 1]], b=[-1, -2, -3], V=[[1, -1, 1]], c=[-1])
