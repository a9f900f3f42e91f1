# title: It diverges
# verdict: incorrect
# fraction: 0
# codes: not-finite

q2_curve = dict(losses=[75.3, 1e12, float('nan')])
