# title: The first unit is fed back in place of the second
# verdict: incorrect
# codes: counterexample

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[1, 0, 0], [1, 0, 0], [1, 0, 0]], b=[-1, -2, -3], V=[[1, -1, 1]], c=[-1])
