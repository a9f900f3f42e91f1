# title: A single row
# verdict: invalid
# fraction: 0

gru_hand = {"h": [0.07, -0.74]}
