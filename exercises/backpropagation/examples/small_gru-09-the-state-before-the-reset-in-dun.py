# title: The state before the reset in dun
# verdict: partial
# fraction: 2/3
# codes: wrong-gradient, wrong
# diagnoses: dun-without-factor-r-t-0

small_gru = dict(duz=-0.305, dur=0.023, dun=-0.166)
