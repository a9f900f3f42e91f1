# title: 1 - z for z on that way
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: d_h-z-complement-4-1

small_gru = dict(duz=-0.252, dur=0.016, dun=-0.007)
