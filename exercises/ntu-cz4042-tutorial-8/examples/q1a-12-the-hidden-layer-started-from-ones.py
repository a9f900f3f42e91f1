# title: The hidden layer started from ones
# verdict: partial
# fraction: 3/4
# diagnoses: starts-from-ones

q1a = {"y": [0.73, 0.73, 0.94, 0.11]}
