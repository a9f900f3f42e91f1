# title: No way around the candidate
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: d_h-without-d_h-t-1-z-t-1

small_gru = dict(duz=-0.187, dur=0.008, dun=0.048)
