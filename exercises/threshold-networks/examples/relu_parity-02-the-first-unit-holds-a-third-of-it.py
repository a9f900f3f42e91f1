# title: The first unit holds a third of it
# verdict: correct
# fraction: 1

relu_parity = dict(U=[['1/3'], [1]], W=[[1, '-2/3'], [3, -2]], b=[0, -1], V=[[3, -2]], c=[0])
