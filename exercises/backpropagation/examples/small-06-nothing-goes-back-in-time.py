# title: Nothing goes back in time
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: truncated-1

small = dict(du=1.525, dw=-0.471, db=-0.420, dv=0.677)
