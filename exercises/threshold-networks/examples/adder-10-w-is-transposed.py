# title: W is transposed
# verdict: partial
# fraction: 0.5
# diagnoses: weights-transposed

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 0, 0], [1, 1, 1], [0, 0, 0]], b=[-1, -2, -3], V=[[1, -1, 1]], c=[-1])
