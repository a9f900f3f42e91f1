# title: Leaky before turning
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["grows", "leaky", "turns", "tanh", "sigmoid"]
