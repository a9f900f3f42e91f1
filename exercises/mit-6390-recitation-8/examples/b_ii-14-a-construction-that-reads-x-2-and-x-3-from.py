# title: A construction that reads x[2] and x[3] from the sum
# verdict: incorrect
# fraction: 0
# codes: possible-wrong, counterexample

b_ii = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 1], [0, 1], [0, 1]])
