EXERCISE = "rnn-by-formula"

unroll = {"g3": "v w^3s0 + u v (w^2 x1 + w x2 + x3)"}
slope = {"dg3_dw": r"\frac{d g_3}{d w}"}
bptt = {"dL_dw": "(h2 - y)*tanh'(w*h1 + u*x2)*h1", "dL_du": "(h2 - y)*x2*"}
steady = {"rest": "b*x/1-a)", "stable": "a is small"}
markov = {"M0": "one", "M1": 1.5, "M2": 1, "Mk": "5*(1/2)^k - 4*(1/4)^k"}
count = {"parameters": "hidden*(inputs + hidden + 1) + outputs*(hidden + 1)"}
