# title: The forget gate left out of it
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: d_c-without-factor-f-t-1-0

small_lstm = dict(dui=0.139, duf=-0.096, duo=0.017, dug=-0.164)
