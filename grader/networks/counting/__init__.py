"""How many numbers a network has to train, and what people count who count others."""
