# title: No biases in the total
# verdict: partial
# fraction: 2/3
# diagnoses: biases-missing

packed = dict(W=1664, b=64, parameters=1664)
