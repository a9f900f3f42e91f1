# title: A bound that is not tight
# verdict: partial
# fraction: 1/2
# codes: grows-too-fast

cost = dict(
    parameters="n_h*(n_in + n_h + 1) + n_out*(n_h + 1)",
    time="O(T*n_h^3 + T*n_h*n_in + T*n_h*n_out)",
    kept="O(T*n_h^2)",
    pieces="n_h*(T/k + k)",
)
