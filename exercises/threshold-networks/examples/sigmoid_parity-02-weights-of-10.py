# title: Weights of 10
# verdict: correct
# fraction: 1

sigmoid_parity = dict(U=[[10], [10]], W=[[10, -10], [10, -10]], b=[-5.0, -15.0], V=[[10, -10]], c=[-5.0])
