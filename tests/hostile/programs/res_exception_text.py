"""An exception of 50 MB."""
raise ValueError("x" * 50_000_000)
