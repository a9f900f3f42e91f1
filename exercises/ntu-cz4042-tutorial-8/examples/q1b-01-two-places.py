# title: Two places
# verdict: correct
# fraction: 1

q1b = {"y": [0.27, 0.71, 0.96, 0.16]}
