# title: Three structures for four tasks
# verdict: invalid
# codes: wrong-number

structures = dict(choice=["last", "both", "each"])
