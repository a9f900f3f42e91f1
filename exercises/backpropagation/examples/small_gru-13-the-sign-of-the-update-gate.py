# title: The sign of the update gate
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: d_z-sign

small_gru = dict(duz=0.237, dur=0.014, dun=0.005)
