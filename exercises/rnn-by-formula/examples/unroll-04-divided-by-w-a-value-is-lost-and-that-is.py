# title: Divided by w: a value is lost, and that is said
# verdict: correct
# codes: excluded-value

unroll = {"g3": "v*(w^3*s0 + u*(w^3*x1 + w^2*x2 + w*x3)/w)"}
