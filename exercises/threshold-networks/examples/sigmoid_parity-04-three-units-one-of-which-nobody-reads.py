# title: Three units, one of which nobody reads
# verdict: correct
# fraction: 1

sigmoid_parity = dict(U=[[20], [20], [1]], W=[[20, -20, 0], [20, -20, 0], [0, 0, 1]], b=[-10, -30, 0], V=[[20, -20, 0]], c=[-10])
