# title: The error of the last step only
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: loss-at-last-step

small = dict(du=0.658, dw=-1.044, db=-1.761, dv=-0.061)
