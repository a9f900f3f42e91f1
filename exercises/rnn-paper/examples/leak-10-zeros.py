# title: Zeros
# verdict: incorrect
# fraction: 0

leak = dict(W=[[0]], U=[[0]], V=[[0], [0]])
