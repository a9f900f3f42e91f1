# title: One threshold is off by one
# verdict: partial
# fraction: 0.5
# diagnoses: one-number-off

parity = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -3], V=[[1, -1]], c=[-1])
