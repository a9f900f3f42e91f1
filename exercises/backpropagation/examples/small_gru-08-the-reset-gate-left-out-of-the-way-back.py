# title: The reset gate left out of the way back
# verdict: incorrect
# fraction: 0
# codes: wrong-gradient, wrong
# diagnoses: d_h-without-factor-r-t-1-3

small_gru = dict(duz=-0.296, dur=0.022, dun=-0.046)
