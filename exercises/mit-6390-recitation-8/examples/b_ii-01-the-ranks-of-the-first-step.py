# title: The ranks of the first step
# verdict: correct
# fraction: 1
# codes: possible-right, certificate-valid

b_ii = {"possible": False, "required_rank": 3, "max_rank": 2, "reason": "M_0 = Wo Wsx would need rank 3"}
