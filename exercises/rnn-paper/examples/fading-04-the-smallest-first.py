# title: The smallest first
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["D", "B", "A", "E", "C"]
