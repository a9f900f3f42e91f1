# title: One number throughout
# verdict: incorrect
# fraction: 0

lstm_hand = {"c": [0.9, 0.9, 0.9, 0.9], "h": [0.9, 0.9, 0.9, 0.9]}
