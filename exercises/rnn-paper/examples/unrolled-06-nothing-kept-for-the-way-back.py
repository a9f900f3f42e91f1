# title: Nothing kept for the way back
# verdict: partial
# fraction: 5/6
# codes: wrong

unrolled = [False, True, False, True, True, True]
