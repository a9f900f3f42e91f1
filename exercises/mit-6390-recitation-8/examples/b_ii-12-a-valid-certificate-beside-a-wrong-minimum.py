# title: A valid certificate beside a wrong minimum
# verdict: partial
# fraction: 7/8
# codes: possible-right, certificate-valid, state-size-wrong

b_ii = {"possible": False, "required_rank": 3, "max_rank": 2, "state_size": 3}
