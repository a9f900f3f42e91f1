# title: The input weight forgotten
# verdict: incorrect
# diagnoses: input-weight-missing

unroll = {"g3": "v*(w^3*s0 + w^2*x1 + w*x2 + x3)"}
