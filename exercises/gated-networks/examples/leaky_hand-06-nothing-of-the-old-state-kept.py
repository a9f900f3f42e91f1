# title: Nothing of the old state kept
# verdict: partial
# fraction: 1/2
# diagnoses: h-without-1-a-h-t-1

leaky_hand = {"y": [1.14, 0.19, -1.85, 1.05]}
