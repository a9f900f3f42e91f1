# title: Tags from the past alone
# verdict: partial
# fraction: 3/4
# codes: wrong

structures = ["last", "each", "each", "pair"]
