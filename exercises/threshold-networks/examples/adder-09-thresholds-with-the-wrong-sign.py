# title: Thresholds with the wrong sign
# verdict: partial
# fraction: 0.5
# diagnoses: bias-sign

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1, 0], [0, 1, 0], [0, 1, 0]], b=[1, 2, 3], V=[[1, -1, 1]], c=[-1])
