# title: One unit holds half of the sum
# verdict: correct
# fraction: 1

held_sum = dict(U=[['1/2']], W=[[1]], b=[0], V=[[1]], c=[0])
