# title: Five answers for six statements
# verdict: invalid
# codes: wrong-number

unrolled = [False, True, False, True, True]
