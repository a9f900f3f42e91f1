# title: The old state kept in full
# verdict: partial
# fraction: 1/2
# diagnoses: h-without-factor-1-a

leaky_hand = {"y": [1.14, 0.84, -0.99, 1.10]}
