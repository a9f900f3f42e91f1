# title: A third unit that is never on
# verdict: partial
# fraction: 0.5
# codes: unit-constant
# diagnoses: one-number-off

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1, 0], [0, 1, 0], [0, 1, 0]], b=[-1, -2, -4], V=[[1, -1, 1]], c=[-1])
