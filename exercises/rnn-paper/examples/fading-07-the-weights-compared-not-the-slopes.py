# title: The weights compared, not the slopes
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["sigmoid", "tanh", "grows", "turns", "leaky"]
