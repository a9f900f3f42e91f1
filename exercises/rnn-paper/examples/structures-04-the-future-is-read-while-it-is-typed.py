# title: The future is read while it is typed
# verdict: partial
# fraction: 3/4
# codes: wrong

structures = dict(choice=["A", "B", "B", "D"])
