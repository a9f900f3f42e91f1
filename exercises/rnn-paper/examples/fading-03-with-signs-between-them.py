# title: With signs between them
# verdict: correct
# fraction: 1

fading = "c > e > a > b > d"
