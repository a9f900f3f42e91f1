# title: A number
# verdict: invalid
# codes: no-text

why = 20
