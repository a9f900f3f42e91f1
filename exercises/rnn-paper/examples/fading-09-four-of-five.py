# title: Four of five
# verdict: invalid
# codes: not-an-order

fading = ["grows", "turns", "leaky", "tanh"]
