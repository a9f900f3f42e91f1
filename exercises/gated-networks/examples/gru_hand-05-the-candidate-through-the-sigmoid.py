# title: The candidate through the sigmoid
# verdict: partial
# fraction: 1/2
# diagnoses: n-sigmoid

gru_hand = {"h": [[0.22, 0.23], [0.28, 0.41], [0.37, 0.27]]}
