# title: A 3 x 3 minor of the first response
# verdict: correct
# fraction: 1
# codes: possible-right, certificate-valid

b_ii = {"possible": False, "certificate": {"rows": [(0, 1), (0, 2), (0, 3)], "cols": [(0, 1), (0, 2), (0, 3)]}}
