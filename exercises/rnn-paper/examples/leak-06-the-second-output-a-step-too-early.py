# title: The second output a step too early
# verdict: partial
# codes: counterexample, rows-right
# diagnoses: too-few-states

leak = dict(W=[[{rate}, 0], [0, 0]], U=[[1], [1]], V=[[1, 0], [0, 1]])
