# title: This bit, the one before, and the three together
# verdict: correct
# fraction: 1

detector = dict(U=[[1], [0], [1]], W=[[0, 0, 0], [1, 0, 0], [-1, 1, 0]], b=[-1, -1, -2], V=[[0, 0, 1]], c=[-1])
