# title: Four decimals kept on the way
# verdict: correct
# fraction: 1

small_gru = dict(duz=-0.305, dur=0.023, dun=-0.053)
