# title: Tuples
# verdict: correct
# fraction: 1

shapes = dict(U=(7, 3), W=(7, 7), b=(7,), V=(4, 7), c=(4,))
