# title: 01 is found, without the first 1
# verdict: incorrect
# codes: counterexample

detector = dict(U=[[1], [0], [1]], W=[[0, 0, 0], [1, 0, 0], [-1, 0, 0]], b=[-1, -1, -1], V=[[0, 0, 1]], c=[-1])
