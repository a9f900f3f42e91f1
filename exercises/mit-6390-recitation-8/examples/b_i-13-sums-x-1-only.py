# title: Sums x[1] only
# verdict: partial
# fraction: 16/25
# codes: counterexample

b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 0, 0]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
