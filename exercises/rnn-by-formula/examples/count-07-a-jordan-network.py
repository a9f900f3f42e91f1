# title: A Jordan network
# verdict: incorrect
# diagnoses: jordan-for-elman

count = {"parameters": "n_h*(n_in + n_out + 1) + n_out*(n_h + 1)"}
