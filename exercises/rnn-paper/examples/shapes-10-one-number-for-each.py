# title: One number for each
# verdict: partial
# fraction: 2/5
# codes: number-of-axes

shapes = dict(U=21, W=49, b=7, V=28, c=4)
