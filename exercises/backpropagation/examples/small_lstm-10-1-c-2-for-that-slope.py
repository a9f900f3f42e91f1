# title: 1 - c^2 for that slope
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: d_c-without-tanh-1-2-1-0

small_lstm = dict(dui=0.089, duf=-0.058, duo=0.017, dug=-0.088)
