# title: By id
# verdict: correct
# fraction: 1

fading = dict(choice=["grows", "turns", "leaky", "tanh", "sigmoid"])
