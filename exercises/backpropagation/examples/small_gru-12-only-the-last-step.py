# title: Only the last step
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: truncated-1

small_gru = dict(duz=-0.167, dur=0.005, dun=0.065)
