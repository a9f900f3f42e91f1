# title: No biases, and the time for the state alone
# verdict: partial
# fraction: 1/2
# diagnoses: biases-missing

cost = dict(
    parameters="n_h*(n_in + n_h) + n_out*n_h",
    time="O(T*n_h^2)",
    kept="T*n_h",
    pieces="n_h*(T/k + k)",
)
