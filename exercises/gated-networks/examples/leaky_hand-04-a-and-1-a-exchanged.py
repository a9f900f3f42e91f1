# title: a and 1 - a exchanged
# verdict: partial
# fraction: 1/2
# diagnoses: a-complement

leaky_hand = {"y": [1.47, 0.73, -1.99, 0.80]}
