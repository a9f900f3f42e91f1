# title: Only the last step
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: truncated-1

small_lstm = dict(dui=0.018, duf=-0.002, duo=0.016, dug=0.026)
