# title: The whole and the pair exchanged, and no state for the tags
# verdict: partial
# fraction: 1/4
# codes: wrong

structures = ["pair", "none", "each", "last"]
