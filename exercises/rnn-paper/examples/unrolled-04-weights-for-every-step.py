# title: Weights for every step
# verdict: partial
# fraction: 5/6
# codes: wrong

unrolled = [True, True, False, True, True, False]
