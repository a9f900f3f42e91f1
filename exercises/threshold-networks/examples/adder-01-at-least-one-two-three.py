# title: At least one, two, three
# verdict: correct
# fraction: 1

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1, 0], [0, 1, 0], [0, 1, 0]], b=[-1, -2, -3], V=[[1, -1, 1]], c=[-1])
