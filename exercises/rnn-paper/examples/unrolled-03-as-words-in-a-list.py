# title: As words in a list
# verdict: correct
# fraction: 1

unrolled = dict(choice=["false", "true", "false", "true", "true", "false"])
