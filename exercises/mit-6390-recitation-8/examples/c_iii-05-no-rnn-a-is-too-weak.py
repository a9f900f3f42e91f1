# title: No: RNN-A is too weak
# verdict: incorrect
# fraction: 0
# codes: possible-wrong

c_iii = {"possible": False}
