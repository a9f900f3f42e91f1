# title: Units in another order
# verdict: correct
# fraction: 1

detector = dict(U=[[1], [1], [0]], W=[[0, -1, 1], [0, 0, 0], [0, 1, 0]], b=[-2, -1, -1], V=[[1, 0, 0]], c=[-1])
