# title: Two units, one for each sign
# verdict: correct
# fraction: 1

held_sum = dict(U=[[0.5], [-0.5]], W=[[0.5, -0.5], [-0.5, 0.5]], b=[0, 0], V=[[1, -1]], c=[0])
