# title: V the other way round
# verdict: partial
# fraction: 4/5
# codes: axes-swapped
# diagnoses: matrix-transposed

shapes = dict(U=(7, 3), W=(7, 7), b=(7,), V=(7, 4), c=(4,))
