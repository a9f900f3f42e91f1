# title: Too long
# verdict: pending
# codes: handed-in, too-many-words

why = "The gradient gets smaller and smaller. " * 40
