# title: A size of 1 taken for nothing since it is negative
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["C", "A", "B", "D", "E"]
