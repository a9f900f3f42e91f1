# title: Two places
# verdict: correct
# fraction: 1

lstm_hand = {"c": [0.59, 0.74, 0.25, 0.70], "h": [0.40, 0.49, 0.06, 0.55]}
