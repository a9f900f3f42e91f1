# title: Both biases forgotten: two mistakes
# verdict: partial
# fraction: 1/4
# diagnoses: b-forgotten-and-c-forgotten

q1a = {"y": [0.13, 0.61, 0.93, 0.04]}
