# title: True or false in order
# verdict: correct
# fraction: 1

unrolled = [False, True, False, True, True, False]
