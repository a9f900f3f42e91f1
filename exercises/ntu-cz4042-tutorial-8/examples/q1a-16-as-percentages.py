# title: As percentages
# verdict: incorrect
# fraction: 0

q1a = {"y": [27, 73, 94, 11]}
