EXERCISE = "rnn-by-formula"

# by hand, as short as it gets
unroll = {"g3": "v*(w^3*s0 + w^2*u*x1 + w*u*x2 + u*x3)"}
slope = {"dg3_dw": "v*(3*w^2*s0 + 2*w*u*x1 + u*x2)"}
bptt = {
    "dL_dw": "(h2 - y)*(1 - h2^2)*(h1 + w*h0*(1 - h1^2))",
    "dL_du": "(h2 - y)*(1 - h2^2)*(x2 + w*x1*(1 - h1^2))",
}
steady = {"rest": "b*x/(1 - a)", "stable": "-1 < a < 1"}
markov = {"M0": 1, "M1": "3/2", "M2": 1, "Mk": "5/2^k - 4/4^k"}
count = {"parameters": "n_h*(n_in + n_h + n_out + 1) + n_out"}
