# title: Percentages
# verdict: incorrect
# fraction: 0

leaky_hand = {"y": [114, 58, -149, 77]}
