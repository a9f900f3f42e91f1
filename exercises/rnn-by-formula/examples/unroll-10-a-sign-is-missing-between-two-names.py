# title: A sign is missing between two names
# verdict: invalid
# codes: missing-operator

unroll = {"g3": "v(w^3*s0 + u*(w^2*x1 + w*x2 + x3))"}
