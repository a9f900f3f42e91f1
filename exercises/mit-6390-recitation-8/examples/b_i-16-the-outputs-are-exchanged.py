# title: The outputs are exchanged
# verdict: partial
# fraction: 7/25
# codes: counterexample

b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[0, 1], [0, 0], [0, 0], [1, 0]])
