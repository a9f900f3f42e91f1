# title: Letters in order
# verdict: correct
# fraction: 1

structures = ["A", "B", "C", "D"]
