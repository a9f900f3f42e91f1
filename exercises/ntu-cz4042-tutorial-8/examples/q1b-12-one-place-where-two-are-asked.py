# title: One place where two are asked
# verdict: incorrect
# fraction: 0

q1b = {"y": [0.3, 0.7, 1.0, 0.2]}
