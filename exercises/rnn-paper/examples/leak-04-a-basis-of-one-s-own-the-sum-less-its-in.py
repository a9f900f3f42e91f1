# title: A basis of one's own: the sum less its input
# verdict: correct
# fraction: 1

leak = dict(W=[[0.9, 0.9, 0], [0, 0, 0], [0, 1, 0]], U=[[0], [1], [0]], V=[[1, 1, 0], [0, 0, 1]])
