# title: One output only
# verdict: incorrect
# codes: counterexample

count = {"parameters": "n_h*(n_in + n_h + 1) + n_h + 1"}
