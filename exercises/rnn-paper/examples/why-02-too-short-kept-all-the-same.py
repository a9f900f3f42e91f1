# title: Too short, kept all the same
# verdict: pending
# codes: handed-in, too-few-words

why = dict(text="Because the gradient is multiplied by something small at every step, and gates help.")
