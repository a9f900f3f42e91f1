# title: No memory
# verdict: partial
# codes: counterexample

leak = dict(W=[[0]], U=[[1]], V=[[1], [0]])
