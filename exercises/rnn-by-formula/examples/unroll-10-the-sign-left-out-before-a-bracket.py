# title: The sign left out before a bracket
# verdict: correct
# codes: read-as

unroll = {"g3": "v(w^3*s0 + u*(w^2*x1 + w*x2 + x3))"}
