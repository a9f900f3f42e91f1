# title: Carried back before the slope
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: d_h-carries-d_h-0-0

small = dict(du=1.374, dw=-0.738, db=-0.791, dv=0.677)
