# title: No state anywhere
# verdict: incorrect
# fraction: 0
# codes: wrong

structures = dict(choice=["E", "E", "E", "E"])
