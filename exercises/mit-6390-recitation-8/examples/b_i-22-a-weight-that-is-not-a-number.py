# title: A weight that is not a number
# verdict: invalid
# fraction: 0

b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, float("nan")]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])
