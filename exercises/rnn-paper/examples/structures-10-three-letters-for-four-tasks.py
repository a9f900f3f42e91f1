# title: Three letters for four tasks
# verdict: invalid
# codes: wrong-number

structures = dict(choice=["A", "B", "C"])
