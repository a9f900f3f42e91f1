# title: The state's way back is forgotten
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: d_h-nothing-later

small_lstm = dict(dui=0.086, duf=-0.055, duo=0.016, dug=-0.081)
