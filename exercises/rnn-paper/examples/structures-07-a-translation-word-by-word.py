# title: A translation word by word
# verdict: partial
# fraction: 3/4
# codes: wrong

structures = dict(choice=dict(review="last", tagging="both", typing="each", translation="each"))
