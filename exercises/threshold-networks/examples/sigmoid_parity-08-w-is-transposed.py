# title: W is transposed
# verdict: partial
# fraction: 0.5
# diagnoses: weights-transposed

sigmoid_parity = dict(U=[[20], [20]], W=[[20, 20], [-20, -20]], b=[-10.0, -30.0], V=[[20, -20]], c=[-10.0])
