# title: By letter
# verdict: correct
# fraction: 1

unrolled = dict(choice={"A": "no", "B": "yes", "C": "no", "D": "yes", "E": "yes", "F": "no"})
