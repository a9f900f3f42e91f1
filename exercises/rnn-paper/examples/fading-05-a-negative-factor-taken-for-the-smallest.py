# title: A negative factor taken for the smallest
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["grows", "leaky", "tanh", "sigmoid", "turns"]
