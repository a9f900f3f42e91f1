# title: The output gate left out
# verdict: partial
# fraction: 1/2
# diagnoses: h-without-factor-o-t

lstm_hand = {"c": [0.59, 0.74, 0.18, 0.67], "h": [0.53, 0.63, 0.18, 0.59]}
