# title: The sign of the error flipped
# verdict: incorrect
# codes: sign

bptt = dict(
    dL_dw="(y - h2)*(1 - h2^2)*(h1 + w*(1 - h1^2)*h0)",
    dL_du="(y - h2)*(1 - h2^2)*(x2 + w*(1 - h1^2)*x1)",
)
