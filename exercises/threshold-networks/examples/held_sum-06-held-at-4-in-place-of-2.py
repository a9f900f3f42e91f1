# title: Held at 4 in place of 2
# verdict: incorrect
# codes: counterexample

held_sum = dict(U=[['1/4']], W=[[1]], b=[0], V=[[1]], c=[0])
