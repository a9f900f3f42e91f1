# title: Scaled and in another order
# verdict: correct
# fraction: 1

leak = dict(W=[[0, 2, 0], [0, 0, 0], [0, 0, {rate}]], U=[[0], [1], [5]], V=[[0, 0, "1/5"], ["1/2", 0, 0]])
