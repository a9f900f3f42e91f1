# title: Three sequences of one step
# verdict: correct
# fraction: 1
# codes: possible-right, certificate-valid

b_ii = dict(possible="no", certificate=[[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]])
