# title: Weights of 4: after eight zeros the one is forgotten
# verdict: incorrect
# codes: counterexample

sigmoid_parity = dict(U=[[4], [4]], W=[[4, -4], [4, -4]], b=[-2.0, -6.0], V=[[4, -4]], c=[-2.0])
