# title: Thresholds half way
# verdict: correct
# fraction: 1

parity = dict(U=[1, 1], W=[[1, -1], [1, -1]], b=[-0.5, -1.5], V=[[1, -1]], c=-0.5)
