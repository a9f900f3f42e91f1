# title: Everything is true
# verdict: partial
# fraction: 1/2
# codes: wrong

unrolled = [True] * 6
