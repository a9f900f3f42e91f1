# title: All states at once, and only for the length that was trained
# verdict: partial
# fraction: 2/3
# codes: wrong

unrolled = [False, True, True, False, True, False]
