# title: The weights compared, not the slopes
# verdict: incorrect
# fraction: 0
# codes: wrong

fading = ["D", "B", "C", "E", "A"]
