# title: Overwritten at every step
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: overwritten-all

small = dict(du=0.207, dw=0.000, db=0.207, dv=0.136)
