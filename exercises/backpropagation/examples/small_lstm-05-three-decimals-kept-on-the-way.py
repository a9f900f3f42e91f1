# title: Three decimals kept on the way
# verdict: correct
# fraction: 1

small_lstm = dict(dui=0.091, duf=-0.059, duo=0.018, dug=-0.089)
