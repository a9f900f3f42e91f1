# title: Words
# verdict: invalid

trace = dict(y=["small", "large", "small"])
