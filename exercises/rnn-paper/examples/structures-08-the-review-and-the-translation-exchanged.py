# title: The review and the translation exchanged, and no state for the tags
# verdict: partial
# fraction: 1/4
# codes: wrong

structures = dict(choice=["D", "E", "C", "A"])
