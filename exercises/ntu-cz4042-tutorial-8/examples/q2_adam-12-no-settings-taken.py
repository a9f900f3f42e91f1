# title: No settings taken
# verdict: invalid
# fraction: 0
# codes: does-not-run-exception

def adam_step(params, grads, m, v, t):
    return params, m, v
