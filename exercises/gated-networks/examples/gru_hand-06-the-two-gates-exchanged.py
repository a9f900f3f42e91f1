# title: The two gates exchanged
# verdict: partial
# fraction: 1/2
# diagnoses: z-r-exchanged

gru_hand = {"h": [[0.48, -0.16], [0.23, 0.40], [0.76, 0.28]]}
