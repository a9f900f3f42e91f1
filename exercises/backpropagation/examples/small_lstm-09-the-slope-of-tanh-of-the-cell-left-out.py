# title: The slope of tanh of the cell left out
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: d_c-without-factor-1-tanh-c-t-2-1

small_lstm = dict(dui=0.105, duf=-0.068, duo=0.017, dug=-0.103)
