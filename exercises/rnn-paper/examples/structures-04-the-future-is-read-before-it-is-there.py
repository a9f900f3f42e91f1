# title: The future is read before it is there
# verdict: partial
# fraction: 3/4
# codes: wrong

structures = ["last", "both", "both", "pair"]
