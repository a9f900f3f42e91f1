# title: Three outputs where four are asked
# verdict: invalid
# fraction: 0

q1a = {"y": [0.27, 0.73, 0.94]}
