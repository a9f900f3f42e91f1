# title: W not transposed
# verdict: partial
# fraction: 1/2
# diagnoses: w-not-transposed

q1a = {"y": [0.27, 0.73, 0.93, 0.17]}
