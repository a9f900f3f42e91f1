# title: Hidden values rounded to two places on the way, four digits given
# verdict: correct
# fraction: 1

q1a = {"y": [0.2719, 0.7271, 0.9435, 0.1120]}
