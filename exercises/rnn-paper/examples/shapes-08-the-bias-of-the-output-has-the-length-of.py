# title: The bias of the output has the length of the state
# verdict: partial
# fraction: 4/5
# codes: wrong-size

shapes = dict(U=(7, 3), W=(7, 7), b=(7,), V=(4, 7), c=(7, 1))
