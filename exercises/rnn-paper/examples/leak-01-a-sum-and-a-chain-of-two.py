# title: A sum, and a chain of two
# verdict: correct
# fraction: 1

leak = dict(W=[[{rate}, 0, 0], [0, 0, 0], [0, 1, 0]], U=[[1], [1], [0]], V=[[1, 0, 0], [0, 0, 1]])
