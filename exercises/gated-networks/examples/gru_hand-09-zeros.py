# title: Zeros
# verdict: incorrect
# fraction: 0

gru_hand = {"h": [[0, 0], [0, 0], [0, 0]]}
