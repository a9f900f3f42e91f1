# title: The sum starts from 5
# verdict: partial
# fraction: 19/25
# codes: starts-from-nonzero

b_i = dict(s0=[0, 5], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
