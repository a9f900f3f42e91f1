# title: tanh and sigmoid exchanged
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["C", "E", "A", "D", "B"]
