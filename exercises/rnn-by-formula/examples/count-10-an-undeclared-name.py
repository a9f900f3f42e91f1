# title: An undeclared name
# verdict: invalid
# codes: unknown-name

count = {"parameters": "n_hidden*(n_in + n_hidden + 1) + n_out*(n_hidden + 1)"}
