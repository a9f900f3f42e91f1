# title: The old cell forgotten altogether
# verdict: partial
# fraction: 5/8
# diagnoses: c-without-f-t-c-t-1

lstm_hand = {"c": [0.59, 0.27, -0.20, 0.50], "h": [0.40, 0.21, -0.04, 0.42]}
