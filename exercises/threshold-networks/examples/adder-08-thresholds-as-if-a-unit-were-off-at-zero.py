# title: Thresholds as if a unit were off at zero
# verdict: partial
# fraction: 0.5
# codes: tie
# diagnoses: on-at-threshold

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1, 0], [0, 1, 0], [0, 1, 0]], b=[0, -1, -2], V=[[1, -1, 1]], c=0)
