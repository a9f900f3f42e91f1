# title: y(0) = 1
# verdict: partial
# fraction: 3/4
# diagnoses: starts-from-ones

q1b = {"y": [0.72, 0.73, 0.96, 0.16]}
