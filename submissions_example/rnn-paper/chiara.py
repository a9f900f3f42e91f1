EXERCISE = "rnn-paper"
variant = "ACT8-C5QH-PYMR-J5KH"

shapes = dict(U=(2, 6), W=(6, 6), b=(6,), V=(6, 5), c=(5,))  # for rows
structures = ["A", "E", "E", "B"]
trace = dict(y=[1.31, -0.57, 1.48])
unrolled = [True, False, True, True, True, False]
slope = dict(du=-0.681, dw=0.257)
fading = ["E", "B", "D", "C", "A"]
leak = dict(W=[[1, 0, 0], [0, 0, 0], [0, 1, 0]], U=[[1], [1], [0]], V=[[1, 0, 0], [0, 0, 1]])
echo = dict(possible=True)
cost = dict(parameters="n_h*(n_in + n_h) + n_out*n_h", time="O(T*n_h^2)", kept="O(T*n_h)", pieces="O(n_h*(T/k + k))")
why = [
    "The gradients vanish because the learning rate is too small for long sequences, and the gates make it larger where it is needed.",
]
