# title: Three units: one minus two distances
# verdict: correct
# fraction: 1

relu_parity = dict(U=[[1], [-1], [0]], W=[[-1, -1, 1], [1, 1, -1], [0, 0, 0]], b=[-1, 1, 1], V=[[-1, -1, 1]], c=[0])
