# title: The sum leaks
# verdict: partial
# fraction: 0.5
# diagnoses: one-number-off

held_sum = dict(U=[['1/2']], W=[['1/2']], b=[0], V=[[1]], c=[0])
