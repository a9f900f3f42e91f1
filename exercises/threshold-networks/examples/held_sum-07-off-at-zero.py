# title: Off at zero
# verdict: partial
# fraction: 0.5
# diagnoses: bias-sign

held_sum = dict(U=[['1/2']], W=[[1]], b=[0], V=[[1]], c=['-1/4'])
