# title: Decimals, thresholds half way
# verdict: correct
# fraction: 1

detector = dict(U=[0.4, 0, 1.0], W=[[0, 0, 0], [0.2, 0, 0], [-1.0, 1.0, 0]], b=[-0.3, -0.1, -1.5], V=[0, 0, 2.5], c=-1.2)
