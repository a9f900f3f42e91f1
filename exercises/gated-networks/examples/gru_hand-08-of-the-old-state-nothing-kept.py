# title: Of the old state nothing kept
# verdict: partial
# fraction: 1/2
# diagnoses: h-without-z-t-h-t-1

gru_hand = {"h": [[0.23, -0.42], [-0.22, 0.28], [0.18, -0.75]]}
