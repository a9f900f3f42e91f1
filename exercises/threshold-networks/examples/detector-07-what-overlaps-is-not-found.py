# title: What overlaps is not found
# verdict: partial
# fraction: 0.5
# diagnoses: one-number-off

detector = dict(U=[[1], [0], [1], [0]], W=[[0, 0, 0, 0], [1, 0, 0, 0], [-1, 1, 0, -1], [0, 0, 1, 0]], b=[-1, -1, -2, -1], V=[[0, 0, 1, 0]], c=[-1])
