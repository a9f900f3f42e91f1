# title: By number
# verdict: correct
# fraction: 1

structures = dict(choice={"1": "A", "2": "B", "3": "C", "4": "D"})
