# title: Four of five
# verdict: invalid
# codes: not-an-order

fading = ["C", "E", "A", "B"]
