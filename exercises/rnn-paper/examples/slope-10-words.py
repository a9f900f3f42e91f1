# title: Words
# verdict: invalid

slope = dict(du="small", dw="large")
