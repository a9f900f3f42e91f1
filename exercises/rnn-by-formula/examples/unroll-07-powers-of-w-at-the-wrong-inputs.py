# title: Powers of w at the wrong inputs
# verdict: incorrect
# diagnoses: time-reversed

unroll = {"g3": "v*(w^3*s0 + u*(x1 + w*x2 + w^2*x3))"}
