# title: Found one step late
# verdict: partial
# fraction: 0.5
# diagnoses: output-one-step-late

detector = dict(U=[[1], [0], [1], [0]], W=[[0, 0, 0, 0], [1, 0, 0, 0], [-1, 1, 0, 0], [0, 0, 1, 0]], b=[-1, -1, -2, -1], V=[[0, 0, 0, 1]], c=[-1])
