# title: Tagging and typing exchanged
# verdict: partial
# fraction: 1/2
# codes: wrong

structures = ["last", "each", "both", "pair"]
