# title: In decimals, read a quarter below zero
# verdict: correct
# fraction: 1

held_sum = dict(U=0.5, W=1, b=0, V=2, c=0.5)
