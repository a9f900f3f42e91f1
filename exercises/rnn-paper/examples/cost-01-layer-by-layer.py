# title: Layer by layer
# verdict: correct
# fraction: 1

cost = dict(
    parameters="n_h*(n_in + n_h + 1) + n_out*(n_h + 1)",
    time="T*n_h*(n_in + n_h + n_out)",
    kept="T*n_h",
    pieces="n_h*(T/k + k)",
)
