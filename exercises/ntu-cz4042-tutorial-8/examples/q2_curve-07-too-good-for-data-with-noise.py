# title: Too good for data with noise
# verdict: incorrect
# fraction: 0
# codes: below-noise

q2_curve = dict(losses=[75.3, 1.0, 1e-6], every=1000)
