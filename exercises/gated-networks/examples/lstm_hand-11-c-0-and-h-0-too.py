# title: c(0) and h(0) too
# verdict: invalid
# fraction: 0

lstm_hand = {"c": [0, 0.59, 0.74, 0.25, 0.70], "h": [0, 0.40, 0.49, 0.06, 0.55]}
