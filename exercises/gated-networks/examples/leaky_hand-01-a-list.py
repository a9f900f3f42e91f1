# title: A list
# verdict: correct
# fraction: 1

leaky_hand = {"y": [1.14, 0.58, -1.49, 0.77]}
