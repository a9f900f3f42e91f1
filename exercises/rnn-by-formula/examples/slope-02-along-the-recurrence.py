# title: Along the recurrence
# verdict: correct
# fraction: 1

slope = {"dg3_dw": "v*( (w^2*s0 + w*u*x1 + u*x2) + w*( (w*s0 + u*x1) + w*s0 ) )"}
