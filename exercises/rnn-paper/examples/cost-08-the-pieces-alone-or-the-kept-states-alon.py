# title: The pieces alone, or the kept states alone
# verdict: partial
# fraction: 1/2
# codes: grows-too-slowly

cost = dict(
    parameters="n_h*(n_in + n_h + 1) + n_out*(n_h + 1)",
    time="T*n_h*(n_in + n_h + n_out)",
    kept="n_h",
    pieces="n_h*T/k",
)
