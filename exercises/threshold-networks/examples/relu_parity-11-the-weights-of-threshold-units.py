# title: The weights of threshold units
# verdict: incorrect
# codes: counterexample

relu_parity = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -2], V=[[1, -1]], c=[-1])
