# title: One step too few
# verdict: incorrect
# diagnoses: step-too-early

unroll = {"g3": "v*(w^2*s0 + u*(w*x1 + x2))"}
