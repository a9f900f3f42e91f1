# title: Only the bit itself
# verdict: incorrect
# diagnoses: nothing-fed-back

detector = dict(U=[[1]], W=[[0]], b=[-1], V=[[1]], c=[-1])
