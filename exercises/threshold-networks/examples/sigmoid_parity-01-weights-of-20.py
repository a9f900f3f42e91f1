# title: Weights of 20
# verdict: correct
# fraction: 1

sigmoid_parity = dict(U=[[20], [20]], W=[[20, -20], [20, -20]], b=[-10.0, -30.0], V=[[20, -20]], c=[-10.0])
