# title: The state in place of the output
# verdict: incorrect
# diagnoses: state-for-output

unroll = {"g3": "w^3*s0 + w^2*u*x1 + w*u*x2 + u*x3"}
