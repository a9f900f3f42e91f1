# title: W transposed
# verdict: partial
# fraction: 1/2
# diagnoses: h-w-transposed

leaky_hand = {"y": [1.14, 0.56, -1.46, 0.78]}
