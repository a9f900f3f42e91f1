# title: A sum that forgets nothing
# verdict: partial
# fraction: 13/20
# codes: counterexample, rows-right

leak = dict(W=[[1, 0, 0], [0, 0, 0], [0, 1, 0]], U=[[1], [1], [0]], V=[[1, 0, 0], [0, 0, 1]])
