# title: The sign turned round
# verdict: incorrect

slope = dict(du=-0.849, dw=1.046)
