# title: The sigmoid in the hidden layer
# verdict: partial
# fraction: 1/2
# diagnoses: sigmoid-hidden

q1a = {"y": [0.52, 0.73, 0.86, 0.57]}
