# title: Nothing is carried
# verdict: incorrect
# codes: counterexample
# diagnoses: nothing-fed-back

adder = dict(U=[[1, 1], [1, 1], [1, 1]], W=[[0, 0, 0], [0, 0, 0], [0, 0, 0]], b=[-1, -2, -3], V=[[1, -1, 1]], c=[-1])
