# title: The hat is too low
# verdict: partial
# fraction: 0.5
# diagnoses: one-number-off

relu_parity = dict(U=[[1], [1]], W=[[1, -2], [1, -2]], b=[0, -1], V=[[1, -1]], c=[0])
