# title: Thresholds half way, in decimals, and another scale in the output
# verdict: correct
# fraction: 1

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1, 0], [0, 1, 0], [0, 1, 0]], b=[-0.5, -1.5, -2.5], V=[[0.3, -0.3, 0.3]], c=-0.2)
