# title: The memory fades: 0.9 where 1 is needed
# verdict: partial
# fraction: 18/25
# codes: counterexample

b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 0.9]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
