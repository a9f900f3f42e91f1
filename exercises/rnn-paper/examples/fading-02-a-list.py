# title: A list
# verdict: correct
# fraction: 1

fading = dict(choice=["C", "E", "A", "B", "D"])
