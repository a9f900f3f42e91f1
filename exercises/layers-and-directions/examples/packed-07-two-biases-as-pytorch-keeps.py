# title: Two biases, as PyTorch keeps
# verdict: partial
# fraction: 2/3
# diagnoses: two-hidden-biases

packed = dict(W=1664, b=128, parameters=1792)
