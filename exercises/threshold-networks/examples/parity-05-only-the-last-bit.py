# title: Only the last bit
# verdict: incorrect
# diagnoses: nothing-fed-back

parity = dict(U=[[1], [1]], W=[[0, 0], [0, 0]], b=[-1, -2], V=[[1, -1]], c=[-1])
