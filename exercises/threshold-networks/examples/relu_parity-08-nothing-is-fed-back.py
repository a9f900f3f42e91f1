# title: Nothing is fed back
# verdict: incorrect
# diagnoses: nothing-fed-back

relu_parity = dict(U=[[1], [1]], W=[[0, 0], [0, 0]], b=[0, -1], V=[[1, -2]], c=[0])
