# title: W transposed
# verdict: partial

leak = dict(W=[[0.9, 0, 0], [0, 0, 1], [0, 0, 0]], U=[[1], [1], [0]], V=[[1, 0, 0], [0, 0, 1]])
