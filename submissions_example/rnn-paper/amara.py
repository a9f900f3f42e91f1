EXERCISE = "rnn-paper"
variant = "FDVE-SQFW-977B-YMV2"

shapes = dict(U=(8, 3), W=(8, 8), b=(8,), V=(5, 8), c=(5,))
structures = ["E", "C", "A", "D"]
trace = dict(y=[-1.7, -0.93, -1.46], h=[[-0.9051, 0.964], [-0.7423, 0.0582], [-0.7189, 0.8371]])
unrolled = [False, False, True, False, True, True]
slope = dict(du=-0.195, dw=-0.064)
fading = "A > C > D > E > B"
leak = dict(
    W=[[0.55, 0, 0], [0, 0, 0], [0, 1, 0]],
    U=[[1], [1], [0]],
    V=[[1, 0, 0], [0, 0, 1]],
)
echo = dict(possible=False, state_size=6, reason="The outputs of the next 5 steps still need the last 5 inputs and this one apart.")
cost = dict(
    parameters="n_h*(n_in + n_h + 1) + n_out*(n_h + 1)",
    time="T*n_h*(n_in + n_h + n_out)",
    kept="T*n_h",
    pieces="n_h*(T/k + k)",
)
why = [
    "Going back from the loss, the gradient passes every step between: each time it is multiplied by W transposed and by the",
    "slopes of tanh, which are at most 1. Over many steps this is a product of many factors, and it shrinks or grows exponentially, so",
    "that the weights hardly learn from what lies far back, or jump. In an LSTM the cell is a sum of what it was and what is new. The way",
    "back along the cell has only the forget gate in it, and the network can learn to hold that near 1. What is not mended: over",
    "thousands of steps even 0.99 vanishes, and gradients through the gates can still explode.",
]
