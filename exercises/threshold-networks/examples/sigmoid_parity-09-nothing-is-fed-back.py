# title: Nothing is fed back
# verdict: incorrect
# diagnoses: nothing-fed-back

sigmoid_parity = dict(U=[[20], [20]], W=[[0, 0], [0, 0]], b=[-10.0, -30.0], V=[[20, -20]], c=[-10.0])
