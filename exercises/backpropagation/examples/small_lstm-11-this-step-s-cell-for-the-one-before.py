# title: This step's cell for the one before
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: d_f-c-t-for-c-t-1-1

small_lstm = dict(dui=0.086, duf=0.020, duo=0.016, dug=-0.082)
