# title: The carry in place of the sum
# verdict: incorrect
# codes: counterexample

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 1, 0], [0, 1, 0], [0, 1, 0]], b=[-1, -2, -3], V=[[0, 1, 0]], c=[-1])
