# title: tanh and sigmoid exchanged
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["grows", "turns", "leaky", "sigmoid", "tanh"]
