# title: Factored
# verdict: correct
# fraction: 1

unroll = {"g3": "v*(w^3*s0 + u*(w^2*x1 + w*x2 + x3))"}
