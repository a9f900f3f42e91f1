# title: The carry does not reach the third unit
# verdict: partial
# fraction: 0.5
# codes: unit-constant
# diagnoses: one-number-off

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1, 0], [0, 1, 0], [0, 0, 0]], b=[-1, -2, -3], V=[[1, -1, 1]], c=[-1])
