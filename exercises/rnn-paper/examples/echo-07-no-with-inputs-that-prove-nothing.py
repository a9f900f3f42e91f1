# title: No, with inputs that prove nothing
# verdict: partial
# fraction: 1/4
# codes: possible-right, certificate-too-small

echo = dict(possible=False, certificate=[[[1]], [[0], [1]]])
