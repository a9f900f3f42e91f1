# title: Inputs and outputs exchanged
# verdict: partial
# fraction: 2/5
# codes: wrong-size

shapes = dict(U=(7, 4), W=(7, 7), b=(7,), V=(3, 7), c=(3,))
