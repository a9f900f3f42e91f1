# title: The old state and the input in shares
# verdict: partial
# codes: counterexample, rows-right

leak = dict(W=[[{rate}, 0, 0], [0, 0, 0], [0, 1, 0]], U=[["1 - {rate}"], [1], [0]], V=[[1, 0, 0], [0, 0, 1]])
