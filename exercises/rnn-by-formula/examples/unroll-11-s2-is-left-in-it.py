# title: s2 is left in it
# verdict: invalid
# codes: unknown-name

unroll = {"g3": "v*(w*s2 + u*x3)"}
