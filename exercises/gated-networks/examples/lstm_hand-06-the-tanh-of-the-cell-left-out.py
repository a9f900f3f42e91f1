# title: The tanh of the cell left out
# verdict: partial
# fraction: 5/8

lstm_hand = {"c": [0.59, 0.74, 0.20, 0.67], "h": [0.44, 0.59, 0.06, 0.61]}
