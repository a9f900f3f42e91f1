# title: Cut off instead of rounded
# verdict: partial
# fraction: 7/8

q1a = {"y": [0.27, 0.72, 0.94, 0.11]}
