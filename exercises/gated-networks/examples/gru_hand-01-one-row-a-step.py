# title: One row a step
# verdict: correct
# fraction: 1

gru_hand = {"h": [[0.23, -0.42], [-0.11, 0.05], [0.07, -0.74]]}
