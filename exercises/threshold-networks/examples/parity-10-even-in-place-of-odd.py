# title: Even in place of odd
# verdict: partial
# fraction: 0.5
# diagnoses: output-inverted

parity = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -2], V=[[-1, 1]], c=0)
