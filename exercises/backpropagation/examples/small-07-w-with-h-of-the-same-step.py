# title: w with h of the same step
# verdict: partial
# fraction: 3/4
# codes: wrong-gradient, wrong
# diagnoses: dw-with-h-a-step-later

small = dict(du=1.341, dw=0.102, db=-0.823, dv=0.677)
