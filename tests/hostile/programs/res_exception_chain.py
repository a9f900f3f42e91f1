"""A chain of 100,000 exceptions."""
error = None
for _ in range(100_000):
    new = ValueError("again")
    new.__cause__ = error
    error = new
raise error
