# title: Input and forget gate exchanged
# verdict: partial
# fraction: 1/2
# diagnoses: i-f-exchanged

lstm_hand = {"c": [0.28, 0.87, -0.24, 0.62], "h": [0.21, 0.53, -0.06, 0.50]}
