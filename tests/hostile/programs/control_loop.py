"""A harmless answer, written as a loop, that prints."""
# mark: 1
def f(x):
    total, sums = 0.0, []
    for value in x:
        total += value
        sums.append(total)
    print("sums", sums)
    return sums
