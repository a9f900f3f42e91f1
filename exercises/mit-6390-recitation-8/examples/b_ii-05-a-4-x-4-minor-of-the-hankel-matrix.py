# title: A 4 x 4 minor of the Hankel matrix
# verdict: correct
# fraction: 1
# codes: possible-right, certificate-valid

b_ii = {
    "possible": "No",
    "certificate": {"rows": [[0, 1], [0, 2], [0, 3], [0, 4]], "cols": [[0, 1], [0, 2], [0, 3], [1, 1]]},
    "state_size": 4,
}
