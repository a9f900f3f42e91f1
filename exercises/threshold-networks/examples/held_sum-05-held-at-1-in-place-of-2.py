# title: Held at 1 in place of 2
# verdict: partial
# fraction: 0.5
# diagnoses: one-number-off

held_sum = dict(U=[[1]], W=[[1]], b=[0], V=[[1]], c=[0])
