# title: The weights of threshold units as they are
# verdict: incorrect
# codes: counterexample

sigmoid_parity = dict(U=[[1], [1]], W=[[1, -1], [1, -1]], b=[-1, -2], V=[[1, -1]], c=[-1])
