# title: A list alone
# verdict: correct
# fraction: 1

fading = ["grows", "turns", "leaky", "tanh", "sigmoid"]
