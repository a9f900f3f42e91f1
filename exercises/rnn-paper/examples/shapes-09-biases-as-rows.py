# title: Biases as rows
# verdict: partial
# fraction: 3/5
# diagnoses: row-for-column

shapes = dict(U=(7, 3), W=(7, 7), b=(1, 7), V=(4, 7), c=(1, 4))
