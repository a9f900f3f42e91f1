# title: A word among the numbers
# verdict: invalid
# fraction: 0

q1b = {"y": [0.27, 0.71, 0.96, "about 0.2"]}
