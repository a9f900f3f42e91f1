# title: With signs between them
# verdict: correct
# fraction: 1

fading = "grows > turns > leaky > tanh > sigmoid"
