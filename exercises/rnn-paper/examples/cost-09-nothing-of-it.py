# title: Nothing of it
# verdict: incorrect
# fraction: 0

cost = dict(
    parameters="T",
    time="n_h",
    kept="T",
    pieces="T",
)
