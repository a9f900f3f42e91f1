# title: The slope of the step before
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: slope-of-previous-step-h

small = dict(du=1.299, dw=-0.168, db=0.382, dv=0.677)
