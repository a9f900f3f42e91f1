# title: A translation word by word
# verdict: partial
# fraction: 3/4
# codes: wrong

structures = dict(choice={"1": "A", "2": "B", "3": "C", "4": "C"})
