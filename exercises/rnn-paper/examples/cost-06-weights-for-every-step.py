# title: Weights for every step
# verdict: partial
# fraction: 3/4

cost = dict(
    parameters="T*(n_h*(n_in + n_h + 1) + n_out*(n_h + 1))",
    time="T*n_h*(n_in + n_h + n_out)",
    kept="T*n_h",
    pieces="n_h*(T/k + k)",
)
