# title: In the order of the tasks
# verdict: correct
# fraction: 1

structures = ["last", "both", "each", "pair"]
