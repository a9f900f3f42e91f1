# title: Written for rows: every matrix transposed
# verdict: partial
# fraction: 3/5
# diagnoses: row-vector-convention

shapes = dict(U=(3, 7), W=(7, 7), b=(7,), V=(7, 4), c=(4,))
