# title: W is transposed
# verdict: partial
# fraction: 0.5
# diagnoses: weights-transposed

relu_parity = dict(U=[[1], [1]], W=[[1, 1], [-2, -2]], b=[0, -1], V=[[1, -2]], c=[0])
