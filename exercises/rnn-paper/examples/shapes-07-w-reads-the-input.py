# title: W reads the input
# verdict: partial
# fraction: 4/5
# codes: wrong-size

shapes = dict(U=(7, 3), W=(7, 3), b=(7,), V=(4, 7), c=(4,))
