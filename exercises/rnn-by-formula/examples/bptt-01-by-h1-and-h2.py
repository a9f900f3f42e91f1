# title: By h1 and h2
# verdict: correct
# fraction: 1

bptt = dict(
    dL_dw="(h2 - y)*(1 - h2^2)*(h1 + w*(1 - h1^2)*h0)",
    dL_du="(h2 - y)*(1 - h2^2)*(x2 + w*(1 - h1^2)*x1)",
)
