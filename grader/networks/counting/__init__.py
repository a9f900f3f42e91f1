"""How many numbers a network has to train, and the mistakes that give wrong counts."""
