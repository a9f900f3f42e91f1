# title: All weights zero: one half is read as 1 throughout
# verdict: incorrect
# fraction: 0
# codes: constant-output

sigmoid_parity = dict(U=[[0]], W=[[0]], b=[0], V=[[0]], c=[0])
