# title: A word
# verdict: invalid

packed = dict(W="many", b="some", parameters="all")
