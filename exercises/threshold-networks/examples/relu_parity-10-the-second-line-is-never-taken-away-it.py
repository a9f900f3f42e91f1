# title: The second line is never taken away: it counts
# verdict: incorrect
# codes: counterexample

relu_parity = dict(U=[[1], [1]], W=[[1, 0], [1, 0]], b=[0, -1], V=[[1, 0]], c=[0])
