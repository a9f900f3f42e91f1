# title: The slope of tanh left out
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: no-slope-n

small_gru = dict(duz=-0.284, dur=0.037, dun=0.008)
