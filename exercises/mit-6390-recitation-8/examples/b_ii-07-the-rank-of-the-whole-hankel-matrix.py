# title: The rank of the whole Hankel matrix
# verdict: correct
# fraction: 1
# codes: possible-right, certificate-valid

b_ii = dict(possible=False, required_rank=4, max_rank=2)
