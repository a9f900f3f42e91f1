# title: Update gate and 1 minus it exchanged
# verdict: partial
# fraction: 1/2

gru_hand = {"h": [[0.57, -0.19], [0.11, 0.43], [0.82, 0.11]]}
