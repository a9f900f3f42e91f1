# title: A number, for sizes of one's own
# verdict: incorrect
# codes: missing-symbol

count = {"parameters": 17}
