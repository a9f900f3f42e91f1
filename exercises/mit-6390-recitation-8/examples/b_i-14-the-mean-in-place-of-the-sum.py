# title: The mean in place of the sum
# verdict: partial
# fraction: 16/25
# codes: counterexample

b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], ["1/3", "1/3", "1/3"]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
