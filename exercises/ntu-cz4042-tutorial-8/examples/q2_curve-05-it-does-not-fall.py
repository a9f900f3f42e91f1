# title: It does not fall
# verdict: incorrect
# fraction: 0
# codes: does-not-fall

q2_curve = dict(losses=[75.3, 74.9, 75.1], every=10)
