# title: Tags from the past alone
# verdict: partial
# fraction: 3/4
# codes: wrong

structures = dict(choice=["A", "C", "C", "D"])
