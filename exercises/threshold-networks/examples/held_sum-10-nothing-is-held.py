# title: Nothing is held
# verdict: incorrect
# diagnoses: nothing-fed-back

held_sum = dict(U=[['1/2']], W=[[0]], b=[0], V=[[1]], c=[0])
