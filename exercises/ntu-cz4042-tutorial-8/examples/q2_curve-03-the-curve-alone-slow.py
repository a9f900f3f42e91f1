# title: The curve alone, slow
# verdict: correct
# fraction: 1
# codes: slow

q2_curve = [75.3, 40.0, 21.5, 16.2]
