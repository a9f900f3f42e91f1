# title: The slope is left out
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: no-slope-h

small = dict(du=1.552, dw=-0.700, db=-0.589, dv=0.677)
