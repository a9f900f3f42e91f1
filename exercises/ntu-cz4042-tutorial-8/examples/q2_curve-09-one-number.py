# title: One number
# verdict: invalid
# fraction: 0
# codes: number-of-losses

q2_curve = dict(losses=[0.9])
