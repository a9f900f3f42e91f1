"""How many numbers a network has to train, and what wrong counts have counted."""
