EXERCISE = "rnn-by-formula"

unroll = {"g3": "v*(w^3*s0 + u*(w^2*x1 + w*x2 + x3))"
slope = {"dg3_dw": "v*(3*w^2*s0 + u*(2*w*x1 + x2))"}
