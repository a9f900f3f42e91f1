# title: The slope of a sigmoid
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: sigmoid-slope-at-h

small = dict(du=0.271, dw=0.072, db=0.234, dv=0.677)
