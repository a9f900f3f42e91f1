# title: To three decimals
# verdict: correct
# fraction: 1

small_lstm = dict(dui=0.091, duf=-0.059, duo=0.017, dug=-0.089)
