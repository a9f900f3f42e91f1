# title: Nothing comes back
# verdict: invalid
# fraction: 0
# codes: no-effect

def adam_step(params, grads, m, v, t, **settings):
    params = dict(params)
