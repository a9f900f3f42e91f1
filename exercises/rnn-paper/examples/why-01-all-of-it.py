# title: All of it
# verdict: pending
# codes: handed-in

why = [
    "The state at step t depends on the state before through W and through tanh. Going back over many steps the gradient is",
    "multiplied at each step by W transposed and by the slopes of tanh, which are at most 1. A product of many such factors shrinks",
    "or grows exponentially with the number of steps, so what lies far back hardly changes the loss, or far too much. In an LSTM the cell",
    "is carried on by a sum: going back along it the only factor is the forget gate, which the network can learn to hold near 1, so the",
    "gradient stays. The gates do not mend everything: 0.99 to the power of 2000 is still nothing, and the gradient through the gates can",
    "explode, so one clips it.",
]
