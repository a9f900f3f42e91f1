# title: The bias with the wrong sign
# verdict: partial
# fraction: 0.5
# diagnoses: bias-sign

detector = dict(U=[[1], [0], [1]], W=[[0, 0, 0], [1, 0, 0], [-1, 1, 0]], b=[1, 1, 2], V=[[0, 0, 1]], c=[-1])
