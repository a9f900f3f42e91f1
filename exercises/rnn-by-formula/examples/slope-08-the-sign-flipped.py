# title: The sign flipped
# verdict: incorrect
# codes: sign

slope = {"dg3_dw": "-3*v*s0*w^2 - 2*u*v*w*x1 - u*v*x2"}
