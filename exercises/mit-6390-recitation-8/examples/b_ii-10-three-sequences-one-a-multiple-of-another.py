# title: Three sequences, one a multiple of another
# verdict: partial
# fraction: 1/2
# codes: possible-right, certificate-too-small

b_ii = {"possible": False, "certificate": [[[1, 0, 0]], [[0, 1, 0]], [[3, 0, 0]]]}
