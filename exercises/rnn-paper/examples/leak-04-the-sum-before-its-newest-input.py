# title: The sum before its newest input
# verdict: correct
# fraction: 1

leak = dict(W=[[{rate}, {rate}, 0], [0, 0, 0], [0, 1, 0]], U=[[0], [1], [0]], V=[[1, 1, 0], [0, 0, 1]])
