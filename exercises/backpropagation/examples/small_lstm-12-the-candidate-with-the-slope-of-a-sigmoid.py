# title: The candidate with the slope of a sigmoid
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: sigmoid-slope-at-g

small_lstm = dict(dui=0.096, duf=-0.063, duo=0.019, dug=0.256)
