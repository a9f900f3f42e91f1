# title: A bias of a hundredth
# verdict: partial
# fraction: 0.5
# diagnoses: one-number-off

relu_parity = dict(U=[[1], [1]], W=[[1, -2], [1, -2]], b=[0.01, -1], V=[[1, -2]], c=[0])
