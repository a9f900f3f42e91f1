# title: A power rule without its factor
# verdict: incorrect
# codes: coefficient

slope = {"dg3_dw": "v*(w^2*s0 + u*(2*w*x1 + x2))"}
