# title: Written for row vectors: every matrix transposed
# verdict: invalid
# fraction: 0

# g = s @ Wo, s = s @ Wss + x @ Wsx
b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 1], [0, 1], [0, 1]], Wo=[[1, 0, 0, 0], [0, 0, 0, 1]])
