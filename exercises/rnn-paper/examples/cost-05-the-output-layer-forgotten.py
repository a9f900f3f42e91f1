# title: The output layer forgotten
# verdict: partial
# fraction: 1/2
# diagnoses: output-layer-missing

cost = dict(
    parameters="n_h*(n_in + n_h + 1)",
    time="T*n_h*(n_in + n_h)",
    kept="T*n_h",
    pieces="n_h*(T/k + k)",
)
