# title: W transposed
# verdict: partial
# fraction: 1/2
# codes: counterexample, rows-right

leak = dict(W=[[{rate}, 0, 0], [0, 0, 1], [0, 0, 0]], U=[[1], [1], [0]], V=[[1, 0, 0], [0, 0, 1]])
