# title: A hat of two lines
# verdict: correct
# fraction: 1

relu_parity = dict(U=[[1], [1]], W=[[1, -2], [1, -2]], b=[0, -1], V=[[1, -2]], c=[0])
