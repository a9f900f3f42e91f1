# title: No state anywhere
# verdict: incorrect
# fraction: 0
# codes: wrong

structures = ["none", "none", "none", "none"]
