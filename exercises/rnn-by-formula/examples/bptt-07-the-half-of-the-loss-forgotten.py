# title: The half of the loss forgotten
# verdict: incorrect
# codes: constant-factor

bptt = dict(
    dL_dw="2*(h2 - y)*(1 - h2^2)*(h1 + w*(1 - h1^2)*h0)",
    dL_du="2*(h2 - y)*(1 - h2^2)*(x2 + w*(1 - h1^2)*x1)",
)
