# title: The old state and the input mixed by a and 1 - a
# verdict: partial

leak = dict(W=[[0.9, 0, 0], [0, 0, 0], [0, 1, 0]], U=[["1 - 0.9"], [1], [0]], V=[[1, 0, 0], [0, 0, 1]])
