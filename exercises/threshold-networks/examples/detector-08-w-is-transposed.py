# title: W is transposed
# verdict: partial
# fraction: 0.5
# diagnoses: weights-transposed

detector = dict(U=[[1], [0], [1]], W=[[0, 1, -1], [0, 0, 1], [0, 0, 0]], b=[-1, -1, -2], V=[[0, 0, 1]], c=[-1])
