# title: Units in another order
# verdict: correct
# fraction: 1

relu_parity = dict(U=[[1], [1]], W=[[-2, 1], [-2, 1]], b=[-1, 0], V=[[-2, 1]], c=[0])
