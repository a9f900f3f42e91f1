# title: The reset gate forgotten
# verdict: partial
# diagnoses: n-without-factor-r-t

gru_hand = {"h": [[0.23, -0.42], [0.07, 0.03], [0.21, -0.71]]}
