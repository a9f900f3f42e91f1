# title: The output reads the input before the state
# verdict: partial
# fraction: 1/2
# diagnoses: y-stack-order

leaky_hand = {"y": [1.11, -0.37, -2.72, 1.33]}
