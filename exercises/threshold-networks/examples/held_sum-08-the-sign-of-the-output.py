# title: The sign of the output
# verdict: partial
# fraction: 0.5
# diagnoses: weights-sign

held_sum = dict(U=[['1/2']], W=[[1]], b=[0], V=[[-1]], c=[0])
