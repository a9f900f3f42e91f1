# title: No biases
# verdict: partial
# fraction: 1/2
# diagnoses: all-drop-term-bias

lstm_hand = {"c": [0.52, 0.60, 0.13, 0.54], "h": [0.37, 0.43, 0.04, 0.46]}
