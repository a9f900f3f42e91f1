# title: V of another size than the state
# verdict: invalid

leak = dict(W=[[{rate}]], U=[[1]], V=[[1, 0], [0, 1]])
