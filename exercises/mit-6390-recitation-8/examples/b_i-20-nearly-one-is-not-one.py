# title: Nearly one is not one
# verdict: partial
# fraction: 18/25
# codes: counterexample

b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1.0001]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
