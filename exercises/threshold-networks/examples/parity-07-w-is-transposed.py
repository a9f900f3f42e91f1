# title: W is transposed
# verdict: partial
# fraction: 0.5
# diagnoses: weights-transposed

parity = dict(U=[[1], [1]], W=[[1, 1], [-1, -1]], b=[-1, -2], V=[[1, -1]], c=[-1])
