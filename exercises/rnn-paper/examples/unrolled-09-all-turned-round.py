# title: All turned round
# verdict: incorrect
# fraction: 0
# codes: wrong

unrolled = [True, False, True, False, False, True]
