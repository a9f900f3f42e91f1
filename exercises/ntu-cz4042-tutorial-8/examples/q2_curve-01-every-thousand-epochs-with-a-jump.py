# title: Every thousand epochs, with a jump
# verdict: correct
# fraction: 1

q2_curve = dict(losses=[75.3, 4.1, 1.9, 2.6, 1.2, 0.93], every=1000)
