# title: The gradient of the last step only
# verdict: partial
# fraction: 2/3
# codes: wrong

unrolled = [False, False, False, True, False, False]
