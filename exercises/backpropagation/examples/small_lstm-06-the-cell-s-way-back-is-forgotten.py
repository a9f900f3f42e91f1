# title: The cell's way back is forgotten
# verdict: partial
# fraction: 1/4
# codes: wrong-gradient, wrong
# diagnoses: d_c-without-d_c-t-1-f-t-1

small_lstm = dict(dui=0.023, duf=-0.006, duo=0.017, dug=0.018)
