# title: Two places
# verdict: correct
# fraction: 1

q1a = {"y": [0.27, 0.73, 0.94, 0.11]}
