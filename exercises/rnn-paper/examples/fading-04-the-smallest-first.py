# title: The smallest first
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["sigmoid", "tanh", "leaky", "turns", "grows"]
