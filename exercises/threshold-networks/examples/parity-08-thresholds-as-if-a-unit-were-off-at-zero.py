# title: Thresholds as if a unit were off at zero
# verdict: partial
# fraction: 0.5
# codes: tie
# diagnoses: on-at-threshold

parity = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[0, -1], V=[[1, -1]], c=0)
