# title: h of the same step
# verdict: partial
# fraction: 1/3
# codes: wrong-gradient, wrong

small_gru = dict(duz=0.193, dur=-0.017, dun=-0.053)
