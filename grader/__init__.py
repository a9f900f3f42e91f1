"""rnngrade: marks exercises on recurrent neural networks."""
